/** `https://`, a name whose first label may be `*`, perhaps a port: what a policy calls a host. */
const HOST = /^https:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$/;

/**
 * The hosts that a deployer lets the page reach beside its own origin and the hub, from the build setting `CONNECT_HOSTS`.
 * @param setting origins with spaces between them
 * @throws Error that names the first entry which is none
 */
export function connectHosts(setting: string | undefined): string[] {
  const hosts = (setting ?? '').split(/\s+/).filter((host) => host !== '');
  for (const host of hosts) {
    if (!HOST.test(host))
      throw new Error(
        `CONNECT_HOSTS: "${host}" is no host that the page could be allowed. Write https:// and the host's name in small ` +
          'letters, without a path, e.g. "https://models.example.org"; several with spaces between them.',
      );
  }
  return hosts;
}
