import { pagePolicy, WORKER_POLICY } from './content-security-policy.ts';

/** Names of HTTP headers and their values. */
export type Headers = Readonly<Record<string, string>>;

export interface SecurityHeaders {
  /** Of every file. */
  page: Headers;
  /** Of the workers' scripts. */
  worker: Headers;
}

/** Where the build puts the workers' scripts: hosts give headers by folder. */
export const WORKERS_FOLDER = 'workers';

/** The page's service worker: it must lie beside the page, whose folder it answers for, and has a worker's policy. */
export const SERVICE_WORKER = 'service-worker.js';

/** What the page never asks a reader for. */
const NEVER_ASKED = 'camera, display-capture, geolocation, hid, microphone, midi, payment, serial, usb';

/**
 * The headers that the built page should come with; a meta tag gives the page its policy where a host sends none, but not
 * its workers. Other sites may frame the page: in a frame it keeps nothing and takes no files (`src/app/state/shell/embed.ts`).
 */
export function securityHeaders(hosts: readonly string[]): SecurityHeaders {
  const common = {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': NEVER_ASKED.split(', ')
      .map((feature) => `${feature}=()`)
      .join(', '),
  };
  return {
    page: { 'Content-Security-Policy': pagePolicy(hosts), ...common },
    worker: { 'Content-Security-Policy': WORKER_POLICY, ...common },
  };
}

/** The headers of one file, by its path or URL. */
export const headersOf = ({ page, worker }: SecurityHeaders, path: string): Headers =>
  path.includes(`/${WORKERS_FOLDER}/`) || path.endsWith(`/${SERVICE_WORKER}`) ? worker : page;
