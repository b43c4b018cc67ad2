import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vite';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

const IMPORT = /(?:from|import)\s*\(?\s*'([^'./?][^'?]*)'/g;
/** Of these only Node, Vitest or the compiler knows; the browser never loads them pre-bundled. */
const NOT_BUNDLED = /^(node:|vitest|svelte|@vitest|virtual:|playwright)|\.(css|wasm)$/;

function sources(folder: string): string[] {
  return readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name))
    .map((name) => readFileSync(join(REPOSITORY, folder, name), 'utf8'));
}

/** Packages that the TypeScript and Svelte sources below these folders import. */
const bareImports = (folders: string[]): string[] =>
  [
    ...new Set(
      folders.flatMap(sources).flatMap((text) => [...text.matchAll(IMPORT)].map((match) => match[1]!)),
    ),
  ]
    .filter((name) => !NOT_BUNDLED.test(name))
    .sort();

/**
 * Vite pre-bundles the packages it knows of when it starts, and reloads the page when it meets another one
 * later, which kills a running test. So it is told all of them in advance and looks for no others; each set of
 * packages has its own cache, so that two runs never replace each other's files.
 */
export function dependenciesOf(folders: string[]): Pick<UserConfig, 'cacheDir' | 'optimizeDeps'> {
  const include = bareImports(folders);
  const name = createHash('sha256').update(include.join()).digest('hex').slice(0, 8);
  return {
    cacheDir: join(REPOSITORY, 'node_modules/.vite', name),
    optimizeDeps: { include, noDiscovery: true },
  };
}
