import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';
import typescript from 'typescript-eslint';

// The files do not exist: rules that need types have none to look at.
const eslint = new ESLint({ overrideConfig: typescript.configs.disableTypeChecked });
const RULES = ['@typescript-eslint/no-restricted-imports', 'no-restricted-syntax'];

/** Messages of the rules of imports for one file that imports one other in this way. */
async function refusals(path: string, statement: string): Promise<string[]> {
  const text = path.endsWith('.svelte') ? `<script lang="ts">\n${statement}\n</script>` : statement;
  const [result] = await eslint.lintText(text, { filePath: path });
  const fatal = result!.messages.filter(({ fatal: broken }) => broken);
  if (fatal.length > 0) throw new Error(`${path}: ${fatal[0]!.message}`);
  return result!.messages.filter(({ ruleId }) => RULES.includes(ruleId ?? '')).map(({ message }) => message);
}

const WAYS: Record<string, (path: string) => string> = {
  'a static import': (path) => `import { a } from '${path}';\nexport const b = a;`,
  'an import of types': (path) => `import type { A } from '${path}';\nexport type B = A;`,
  'a re-export': (path) => `export * from '${path}';`,
  'import()': (path) => `export const a = () => import('${path}');`,
  'a type by import()': (path) => `export type B = import('${path}').A;`,
};

describe.each(Object.entries(WAYS))('%s', (_name, write) => {
  test.each([
    ['src/tensor/a.ts', '../model/model.ts'],
    ['src/tensor/ops/glu/a.ts', '../../../model/model.ts'],
    ['src/model/a.ts', '../judge/item.ts'],
    ['src/judge/a.ts', '../data/split.ts'],
    ['src/judge/a.ts', '../train/dpo.ts'],
    ['src/data/a.ts', '../train/dpo.ts'],
    ['src/train/a.ts', '../judge/item.ts'],
    ['src/evaluate/a.ts', '../harness/ask.ts'],
    ['src/harness/a.ts', '../rationalize/run.ts'],
    ['src/harness/a.ts', '../store/database.ts'],
    ['src/rationalize/curation/a.ts', '../../store/database.ts'],
    ['src/store/a.ts', '../share/link.ts'],
    ['src/share/a.ts', '../labs/registry.ts'],
    ['src/share/a.ts', 'svelte'],
    ['src/harness/a.ts', '/src/app/state/route.ts'],
    ['src/harness/a.ts', './../app/state/route.ts'],
    ['src/labs/first/lab.ts', '../second/lab.ts'],
    ['src/labs/first/lab.ts', '../../labs/second/lab.ts'],
    ['src/labs/first/parts/a.ts', '../../second/lab.ts'],
    ['src/labs/first/lab.ts', '../../store/database.ts'],
    ['src/labs/first/lab.ts', '../../app/state/route.ts'],
    ['src/labs/first/lab.ts', '../../../workers/pool.ts'],
    ['src/labs/first/lab.ts', 'svelte/store'],
    ['src/labs/registry.ts', '../store/database.ts'],
    ['src/labs/first/View.svelte', '../second/lab.ts'],
    ['src/labs/first/View.svelte', '../../app/state/route.ts'],
    ['src/labs/first/View.svelte', '../../app/pages/Start.svelte'],
    ['src/labs/first/View.svelte', '../../store/database.ts'],
    ['src/app/charts/A.svelte', '../state/route.ts'],
    ['src/app/charts/a.ts', '../pages/Start.svelte'],
    ['src/app/pages/compare/A.svelte', '../improve/measures.ts'],
    ['src/app/pages/compare/a.ts', '../../pages/Start.svelte'],
    ['src/app/state/labs/a.ts', '../../pages/labs/a.ts'],
    ['src/app/widgets/A.svelte', '../pages/Start.svelte'],
    ['scripts/a.ts', '../src/app/state/route.ts'],
    ['scripts/entries/a.ts', '../../src/app/state/route.ts'],
    ['workers/engine.worker.ts', '../src/judge/item.ts'],
    ['workers/divide.ts', '../src/train/dpo.ts'],
    ['workers/new.worker.ts', '../src/model/model.ts'],
    ['workers/pause.ts', '../src/model/model.ts'],
  ])('%s must not know %s', async (file, path) => {
    expect(await refusals(file, write(path))).toHaveLength(1);
  });

  test.each([
    ['src/app/state/a.ts', '../../labs/registry.ts'],
    ['src/app/pages/judge/a.ts', '../../../../workers/pool.ts'],
    ['src/labs/registry.ts', './first/lab.ts'],
    ['src/labs/first/lab.ts', './settings.ts'],
    ['src/labs/first/lab.ts', '../../harness/ask.ts'],
    ['src/labs/first/lab.ts', '../../rationalize/run.ts'],
    ['src/labs/first/parts/a.ts', '../settings.ts'],
    ['src/labs/first/parts/a.ts', '../../../judge/item.ts'],
    ['src/labs/first/View.svelte', '../../app/charts/Histogram.svelte'],
    ['src/labs/first/View.svelte', '../../app/widgets/PairText.svelte'],
    ['src/labs/first/View.svelte', 'svelte'],
    ['src/store/a.ts', '../rationalize/records.ts'],
    ['src/data/micro/a.ts', '../../judge/item.ts'],
    ['src/train/nano/a.ts', '../../data/micro/corpus.ts'],
    ['src/evaluate/a.ts', '../judge/item.ts'],
    ['src/app/charts/a.ts', '../../evaluate/bootstrap.ts'],
    ['scripts/a.ts', '../src/labs/registry.ts'],
    ['workers/engine.worker.ts', '../src/train/dpo.ts'],
    ['workers/new.worker.ts', './pause.ts'],
  ])('%s may know %s', async (file, path) => {
    expect(await refusals(file, write(path))).toEqual([]);
  });
});

test('below the page, workers/protocol.ts lends types and nothing else', async () => {
  const contract = '../../workers/protocol.ts';
  expect(await refusals('src/harness/a.ts', WAYS['an import of types']!(contract))).toEqual([]);
  expect(await refusals('src/harness/a.ts', WAYS['a type by import()']!(contract))).toEqual([]);
  expect(await refusals('src/harness/a.ts', WAYS['a static import']!(contract))).toHaveLength(1);
  expect(await refusals('src/harness/a.ts', WAYS['import()']!(contract))).toHaveLength(1);
});

test('import() names its file, and the older bans hold beside the new', async () => {
  const unknown = 'export const a = (path: string) => import(path);';
  expect(await refusals('src/labs/first/lab.ts', unknown)).toHaveLength(1);
  expect(await refusals('workers/pool.ts', unknown)).toHaveLength(1);
  const blocking = 'export const a = (x: { dataSync(): number[] }) => x.dataSync();';
  expect(await refusals('src/model/a.ts', blocking)).toHaveLength(1);
  expect(await refusals('src/labs/first/lab.ts', blocking)).toHaveLength(1);
  expect(await refusals('src/app/state/a.ts', "document.body.innerHTML = '';")).toHaveLength(1);
});

test('files and functions that do not fit in the head are refused', async () => {
  const lengths = async (path: string, text: string) => {
    const [result] = await eslint.lintText(text, { filePath: path });
    return result!.messages.map(({ ruleId }) => ruleId).filter((rule) => rule?.startsWith('max-lines'));
  };
  const lines = (count: number) =>
    Array.from({ length: count }, (_, i) => `export const a${i} = ${i};\n`).join('');
  const body = (count: number) =>
    `export function f(): number[] {\n  return [\n${'1,\n'.repeat(count - 4)}  ];\n}\n`;
  expect(await lengths('src/harness/a.ts', lines(250))).toEqual([]);
  expect(await lengths('scripts/a.ts', lines(251))).toEqual(['max-lines']);
  expect(await lengths('workers/a.ts', body(45))).toEqual([]);
  expect(await lengths('src/harness/a.ts', body(46))).toEqual(['max-lines-per-function']);
  expect(await lengths('src/tensor/ops/glu/webgpu.ts', body(46))).toEqual([]);
});
