/** The same headers in the words of each host. None of them needs more than the folder that the build writes. */
import { SERVICE_WORKER, WORKERS_FOLDER, type Headers, type SecurityHeaders } from './security-headers.ts';

const lines = (headers: Headers, line: (name: string, value: string) => string): string =>
  Object.entries(headers)
    .map(([name, value]) => `${line(name, value)}\n`)
    .join('');

/** `_headers`, which Netlify and Cloudflare Pages read. Where both rules apply, both policies do: the stricter counts. */
export function headersFile({ page, worker }: SecurityHeaders): string {
  const rule = (path: string, headers: Headers) =>
    `${path}\n${lines(headers, (name, value) => `  ${name}: ${value}`)}`;
  const { 'Content-Security-Policy': policy = '' } = worker;
  const ofWorkers = { 'Content-Security-Policy': policy };
  return [
    rule('/*', page),
    rule(`/${WORKERS_FOLDER}/*`, ofWorkers),
    rule(`/${SERVICE_WORKER}`, ofWorkers),
  ].join('\n');
}

/** `.htaccess` of one folder, for Apache; that of a folder inside replaces what the outer one set. */
export const apacheFile = (headers: Headers): string =>
  `<IfModule mod_headers.c>\n${lines(headers, (name, value) => `  Header always set ${name} "${value}"`)}</IfModule>\n`;

/** The part of the outer folder's `.htaccess` that gives one of its files a worker's policy. */
export const apacheServiceWorker = (worker: Headers): string =>
  `<Files "${SERVICE_WORKER}">\n${apacheFile(worker)}</Files>\n`;

/** `vercel.json`, for a project whose root is the built folder. */
export function vercelFile({ page, worker }: SecurityHeaders): string {
  const rule = (source: string, headers: Headers) => ({
    source,
    headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
  });
  const rules = [
    rule('/(.*)', page),
    rule(`/${WORKERS_FOLDER}/(.*)`, worker),
    rule(`/${SERVICE_WORKER}`, worker),
  ];
  return `${JSON.stringify({ headers: rules }, null, 2)}\n`;
}

/** For nginx, to be included in a `server` block. A `location` with headers of its own inherits none. */
export function nginxFile({ page, worker }: SecurityHeaders): string {
  const add = (indent: string) => (name: string, value: string) =>
    `${indent}add_header ${name} "${value}" always;`;
  return `${lines(page, add(''))}location ~ /(${WORKERS_FOLDER}/[^/]+\\.js|${SERVICE_WORKER})$ {\n${lines(worker, add('  '))}}\n`;
}
