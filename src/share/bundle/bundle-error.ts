/** A file that is no bundle, or one that cannot be taken, with the reason in words. Nothing of it was stored. */
export class BundleError extends Error {
  override name = 'BundleError';
}
