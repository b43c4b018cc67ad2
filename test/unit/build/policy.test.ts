import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connectHosts } from '../../../scripts/vite/connect-hosts.ts';
import { pagePolicy, WORKER_POLICY } from '../../../scripts/vite/content-security-policy.ts';
import {
  apacheFile,
  apacheServiceWorker,
  headersFile,
  nginxFile,
  vercelFile,
} from '../../../scripts/vite/host-files.ts';
import { headersOf, securityHeaders } from '../../../scripts/vite/security-headers.ts';

const directive = (policy: string, name: string) =>
  policy
    .split('; ')
    .find((part) => part.startsWith(`${name} `))
    ?.slice(name.length + 1);

test('the page may connect to its own origin, the hub, and hosts that the deployer names', () => {
  const hub = 'https://huggingface.co https://*.huggingface.co https://*.hf.co';
  expect(directive(pagePolicy(connectHosts(undefined)), 'connect-src')).toBe(`'self' ${hub}`);
  const hosts = connectHosts(' https://models.example.org\n https://*.example.net:8443 ');
  expect(directive(pagePolicy(hosts), 'connect-src')).toBe(
    `'self' ${hub} https://models.example.org https://*.example.net:8443`,
  );
  expect(directive(WORKER_POLICY, 'connect-src')).toBe("'self'");
});

test.each([
  'http://models.example.org',
  'models.example.org',
  'https://models.example.org/',
  'https://models.example.org/models',
  'https://*',
  'https://a.*.org',
  '*',
  "'unsafe-inline'",
  "https://a.org;script-src 'unsafe-eval'",
  'https://a.org,https://b.org',
  'https://user@a.org',
  'wss://a.org',
])('the host %s is refused in words', (host) => {
  expect(() => connectHosts(host)).toThrow(/^CONNECT_HOSTS: ".+" is no host .* e\.g\. "https:/);
});

test('no header and no policy could break out of the file that it is written into', () => {
  const { page, worker } = securityHeaders(connectHosts('https://models.example.org'));
  for (const value of [...Object.values(page), ...Object.values(worker)])
    expect(value).toMatch(/^[^"\\\n\r]+$/);
  // A comma would cut a policy in two; Cloudflare reads lines of at most 2,000 characters.
  for (const policy of [page['Content-Security-Policy']!, worker['Content-Security-Policy']!]) {
    expect(policy).not.toContain(',');
    expect(policy.length).toBeLessThan(1900);
  }
});

test('every host is told the same headers, and the policy of workers for their folder', () => {
  const headers = securityHeaders([]);
  const { page, worker } = headers;
  const texts = [
    headersFile(headers),
    apacheFile(page) + apacheServiceWorker(worker),
    vercelFile(headers),
    nginxFile(headers),
  ];
  for (const text of texts) {
    for (const [name, value] of Object.entries({ ...page })) {
      expect(text).toContain(name);
      expect(text).toContain(value);
    }
    expect(text).toContain(worker['Content-Security-Policy']);
    expect(text).toContain('service-worker');
  }
  expect(headersOf(headers, '/workers/engine.worker-x.js')).toBe(worker);
  expect(headersOf(headers, '/judge/workers/engine.worker-x.js')).toBe(worker);
  for (const folder of ['', '/a/b']) expect(headersOf(headers, `${folder}/service-worker.js`)).toBe(worker);
  expect(headersOf(headers, '/assets/index.js')).toBe(page);
});

test('every worker is locked down by its first import', () => {
  const workers = readdirSync('workers').filter((name) => name.endsWith('.worker.ts'));
  expect(workers.length).toBeGreaterThanOrEqual(5);
  for (const name of workers) {
    const [first] = /^import .*$/m.exec(readFileSync(`workers/${name}`, 'utf8')) ?? [];
    expect(first, name).toBe("import './lockdown.ts';");
  }
});
