import type { Plugin } from 'vite';

/**
 * What the built page may do. Models, items and results never leave the tab: `connect-src 'self'`.
 * - `'wasm-unsafe-eval'` compiles TensorFlow.js' WASM binary; no JavaScript is ever evaluated from text.
 * - Trusted Types: Svelte clones its compiled templates through `svelte-trusted-html`; `judge-worker` makes
 *   the URL of our own workers. Any other write to innerHTML or a script URL throws.
 * - Inline styles are refused; Svelte's `style:` directive and `element.style` go through the CSSOM, which
 *   the policy does not concern.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html judge-worker',
].join('; ');

/** Writes the policy into the built page; Vite's development client needs inline styles and a socket. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}
