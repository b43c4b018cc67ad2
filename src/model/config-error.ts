/** A config.json that this engine cannot run, with the reason in words. */
export class ModelConfigError extends Error {
  override name = 'ModelConfigError';
}
