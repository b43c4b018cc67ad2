/** The part of Trusted Types that TypeScript's DOM library does not describe yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

// Only what the bundler resolved comes in here, e.g. `import url from './engine.worker.ts?worker&url'`, and the address of
// the service worker beside the page.
const policy = trustedTypes?.createPolicy('judge-worker', { createScriptURL: (url) => url });

/**
 * The address of one of our own workers in the form that `new Worker` and `register` accept under
 * `require-trusted-types-for 'script'`. The policy of the page names `judge-worker` as the only maker of such URLs.
 */
export const trustedWorkerUrl = (url: string): string => (policy?.createScriptURL(url) ?? url) as string;
