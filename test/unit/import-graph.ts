import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** Which files each file imports, by paths from the repository's root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

const SCRIPTS = /<script[^>]*>([\s\S]*?)<\/script>/g;

/**
 * Reads the imports of all TypeScript and Svelte files in these folders: static ones, of types only, re-exports, and
 * `import()` where it names a file. What Vite is asked to make of a file (`?url`) counts as the file; packages are left out.
 */
export function importGraph(root: string, folders: readonly string[]): ImportGraph {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|svelte)$/.test(path))
      .map((path) => normalize(join(folder, path))),
  );
  return new Map(files.map((file) => [file, importsOf(file, readFileSync(join(root, file), 'utf8'))]));
}

/** The files that this text of `path` imports, in its order. */
export function importsOf(path: string, text: string): string[] {
  const code = path.endsWith('.svelte')
    ? [...text.matchAll(SCRIPTS)].map(([, body]) => body).join('\n')
    : text;
  // Markup imports as well: {#await import('./Panel.svelte')}.
  const inMarkup = path.endsWith('.svelte')
    ? [...text.replace(SCRIPTS, '').matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)].map(
        ([, name]) => name as string,
      )
    : [];
  const inCode = ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName);
  return [...inCode, ...inMarkup]
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(path), name.replace(/\?.*$/, ''))));
}

/**
 * Strongly connected components (Tarjan 1972) of more than one file, and files that import themselves: the circles.
 * A graph without circles has none.
 */
export function circlesOf(graph: ImportGraph): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (path.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = path.splice(path.indexOf(file));
    if (circle.length > 1 || graph.get(file)?.includes(file)) circles.push(circle.toSorted());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}
