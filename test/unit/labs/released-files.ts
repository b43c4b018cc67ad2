import { readFile } from 'node:fs/promises';

/** What ships with the app, read from the repository. */
export function readReleased(path: string): Promise<string> {
  return readFile(new URL(`../../../public/data/${path}`, import.meta.url), 'utf8');
}
