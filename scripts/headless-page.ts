/** The page of a headless run: loads one entry and gives it its host. Driven by run-in-chromium.ts. */
import type { Entry, Host } from './host.ts';

declare global {
  /** Exposed by run-in-chromium.ts. */
  function hostLog(line: string): Promise<void>;
  function runEntry(entry: string, args: unknown): Promise<unknown>;
}

const fileUrl = (name: string) => `/work-folder/${encodeURIComponent(name)}`;

async function readFile(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await fetch(fileUrl(name), { cache: 'no-store' });
  if (response.status === 204) return null;
  if (!response.ok) throw new Error(`Reading ${name}: ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function writeFile(name: string, bytes: Uint8Array<ArrayBuffer> | string): Promise<void> {
  const response = await fetch(fileUrl(name), { method: 'PUT', body: bytes });
  if (!response.ok) throw new Error(`Writing ${name}: ${response.statusText}`);
}

globalThis.runEntry = async (entry, args) => {
  let logged = Promise.resolve();
  const host: Host = {
    log: (line) => {
      logged = logged.then(() => hostLog(line));
    },
    readFile,
    writeFile,
  };
  // eslint-disable-next-line no-restricted-syntax -- the command that opens this page says which entry it runs
  const module = (await import(/* @vite-ignore */ entry)) as { default: Entry };
  const result = await module.default(args, host);
  await logged;
  return result ?? null;
};
