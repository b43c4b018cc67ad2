/**
 * What a browser-side entry of a headless run may ask of the machine it runs on.
 * An entry is a module below `scripts/entries/` with `export default async function (args, host)`; it runs in
 * a page of headless Chromium, on the app's own modules, and returns something that JSON can carry.
 */
export interface Host {
  /** One line of progress, in order. */
  log(line: string): void;
  /** Bytes of a file in the run's work folder (`name` may have folders: `a/b.json`); null when there is none yet. */
  readFile(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Replaces a file in the work folder at once: a killed run leaves the old or the new bytes, never a part. */
  writeFile(name: string, bytes: Uint8Array<ArrayBuffer> | string): Promise<void>;
}

export type Entry<Args = unknown, Result = unknown> = (args: Args, host: Host) => Promise<Result>;
