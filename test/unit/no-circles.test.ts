import { expect, test } from 'vitest';
import { circlesOf, importGraph, importsOf } from './import-graph.ts';

test('no file imports itself through others, types included', () => {
  expect(circlesOf(importGraph('.', ['src', 'workers', 'scripts']))).toEqual([]);
});

test('the graph holds the whole repository', () => {
  const graph = importGraph('.', ['src', 'workers', 'scripts']);
  expect(graph.get('src/model/policy.ts')).toEqual(['src/model/lora-settings.ts']);
  expect(graph.get('workers/pool.ts')).toContain('workers/pooled-engine.ts');
  expect(graph.get('src/app/App.svelte')?.length).toBeGreaterThan(0);
  expect(graph.get('scripts/run-entry.ts')).toBeDefined();
});

test('circles are found through types, re-exports, import() and markup', () => {
  const imports = (path: string, text: string): [string, string[]] => [path, importsOf(path, text)];
  const graph = new Map([
    imports('src/a.ts', "import type { B } from './b.ts';"),
    imports('src/b.ts', "export * from './deep/c.ts';"),
    imports('src/deep/c.ts', "const d = () => import('../D.svelte');"),
    imports(
      'src/D.svelte',
      '<script lang="ts">let x = 1;</script>\n{#await import(\'./a.ts\') then a}{a}{/await}',
    ),
    imports('src/e.ts', "import { a } from './a.ts'; import url from './f.ts?worker&url'; import 'svelte';"),
    imports('src/f.ts', "import { f } from './f.ts';"),
  ]);
  expect(graph.get('src/e.ts')).toEqual(['src/a.ts', 'src/f.ts']);
  expect(circlesOf(graph)).toEqual([['src/D.svelte', 'src/a.ts', 'src/b.ts', 'src/deep/c.ts'], ['src/f.ts']]);
});
