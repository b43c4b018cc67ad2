import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Unavailable } from '../contender.ts';

/** Version of a package that the bench has installed. @throws Unavailable when it is not there */
export function peerVersion(name: string): string {
  const file = fileURLToPath(new URL(`../node_modules/${name}/package.json`, import.meta.url));
  if (!existsSync(file)) throw new Unavailable(`${name} is not installed in bench/.`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
