import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const IMPORT = /(?:from|import)\s*\(?\s*'([^'./?][^'?]*)'/g;
/** Of these only Node, Vitest or the compiler knows; the browser never loads them pre-bundled. */
const NOT_BUNDLED = /^(node:|vitest|svelte|@vitest|virtual:|playwright)|\.(css|wasm)$/;

/**
 * Packages that the TypeScript and Svelte sources below these folders import.
 * Vite pre-bundles what it knows when it starts, and reloads the page when it meets another package later,
 * which kills a running test: so it is told all of them in advance.
 */
export function bareImports(folders: string[]): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|svelte)$/.test(name))
      .map((name) => join(folder, name)),
  );
  const names = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1] ?? ''),
  );
  return [...new Set(names)].filter((name) => !NOT_BUNDLED.test(name)).sort();
}
