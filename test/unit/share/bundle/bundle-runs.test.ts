import { expect, test } from 'vitest';
import { readRuns } from '../../../../src/share/bundle/bundle-runs.ts';
import { files, packed } from './packed.ts';

test('runs and their rounds are read for comparing', async () => {
  const { project, runs } = await readRuns(await packed(files()));
  expect(project).toContain('Essays');
  expect(runs.map(({ run, rounds }) => [run.name, rounds.length])).toEqual([['calm otter', 1]]);
});

test('results that could not be shown are refused in words', async () => {
  const all = files();
  const text = all.get('rounds.jsonl') as string;
  all.set('rounds.jsonl', text.replace('"results":null', '"results":{"round":1,"policy":"p","flips":[]}'));
  await expect(readRuns(await packed(all))).rejects.toThrow(/cannot compare/);
});
