import type { Plugin } from 'vite';

/**
 * The hub redirects large files to hosts of its content network that change by region and over the years
 * (cdn-lfs-us-1.hf.co, cas-bridge.xethub.hf.co, us.aws.cdn.hf.co …; listed in
 * https://huggingface.co/.well-known/meta.json), all below hf.co, formerly huggingface.co.
 */
const HUB = ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'];

/**
 * What the built page may do. Models, items and results never leave the tab: it may reach its own origin, the Hugging Face
 * hub for models that the reader asks for, and hosts that its deployer named.
 * - `'wasm-unsafe-eval'` compiles TensorFlow.js' WASM binary; no JavaScript is ever evaluated from text.
 * - Trusted Types: Svelte clones its compiled templates through `svelte-trusted-html`; `judge-worker` makes
 *   the URL of our own workers. Any other write to innerHTML or a script URL throws.
 * - Inline styles are refused; Svelte's `style:` directive and `element.style` go through the CSSOM, which
 *   the policy does not concern.
 */
export const pagePolicy = (hosts: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${[...HUB, ...hosts].join(' ')}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html judge-worker',
  ].join('; ');

/** What a worker may do: a browser takes it from the headers of the worker's script. Downloads are the page's matter. */
export const WORKER_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Writes the policy into the built page; Vite's development client needs inline styles and a socket. */
export function contentSecurityPolicy(hosts: readonly string[]): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: pagePolicy(hosts) },
        injectTo: 'head-prepend',
      },
    ],
  };
}
