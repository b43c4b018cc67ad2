/**
 * Whether the page may fetch from this address: from its own origin, and where its policy lets it (the hub, and hosts that
 * its deployer named). The policy in the page itself is asked, so that the two cannot part.
 */
export function isReachable(address: string): boolean {
  const url = new URL(address);
  return url.origin === location.origin || sourcesOf(policy()).some((source) => admits(source, url));
}

/** '' in development, where no policy is sent. */
const policy = (): string =>
  document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? '';

/** Hosts after `connect-src`. */
export function sourcesOf(text: string): string[] {
  const directive = text.split(';').find((part) => part.trim().startsWith('connect-src '));
  return (directive?.trim().split(/\s+/) ?? []).filter((source) => source.startsWith('https://'));
}

/** As browsers read a host source: `*.` stands for at least one label (W3C, CSP 3, 6.7.2.8). */
export function admits(source: string, { protocol, hostname, port }: URL): boolean {
  const [, host = '', wanted = ''] = /^https:\/\/([^:/]+)(?::(\d+))?$/.exec(source) ?? [];
  if (protocol !== 'https:' || port !== wanted || host === '') return false;
  return host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host;
}
