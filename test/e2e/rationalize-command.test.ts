import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { microItems } from '../../src/data/micro/items.ts';
import type { Results } from '../../src/rationalize/results.ts';
import { LONG } from '../long.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rationalize-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SMALL = [
  '--rounds',
  '1',
  '--items',
  '24',
  '--samples',
  '4',
  '--heldout-items',
  '40',
  '--set',
  'batchSize=8',
];

function command(...options: string[]) {
  return spawnSync('npx', ['--no-install', 'tsx', 'scripts/rationalize.ts', ...SMALL, ...options], {
    encoding: 'utf8',
  });
}

/** What others measure by: these names and ranges are promised. */
function expectReport({ before, remap, rounds }: Results): void {
  for (const judge of [before, remap, ...rounds]) {
    for (const share of [judge.accuracy, judge.parseFailures]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(judge).toMatchObject({ items: 40, mae: expect.any(Number), qwk: expect.any(Number) });
    for (const key of ['rationaleExact', 'rationaleExactSlips', 'pearson']) expect(judge).toHaveProperty(key);
  }
  const interval = { mean: expect.any(Number), low: expect.any(Number), high: expect.any(Number) };
  expect(rounds).toHaveLength(1);
  expect(rounds[0]).toMatchObject({
    difference: interval,
    differenceFromRemap: interval,
    differenceFromPrevious: interval,
    pairs: expect.any(Number),
    steps: expect.any(Number),
    seconds: { sample: expect.any(Number), train: expect.any(Number), evaluate: expect.any(Number) },
    tokensPerSecond: { sample: expect.any(Number), train: expect.any(Number) },
  });
}

describe('npm run rationalize', () => {
  test('prints before, remap and the round, and writes the same as JSON', () => {
    const json = join(folder, 'out.json');
    const { status, stdout, stderr } = command('--json', json, '--seed', '1', '--backend', 'wasm');
    expect(status, stderr).toBe(0);
    expect(stdout.split('\n').map((line) => line.split('  ')[0])).toEqual(
      expect.arrayContaining(['before', 'remap', 'round 1']),
    );
    expectReport(JSON.parse(readFileSync(json, 'utf8')) as Results);
  });

  test.runIf(LONG)('works on files of your own', () => {
    const write = (name: string, split: 'train' | 'heldout', count: number) => {
      const rows = microItems(split, 7, count).map((item) => JSON.stringify(item));
      writeFileSync(join(folder, name), rows.join('\n'));
      return join(folder, name);
    };
    const files = [
      '--data',
      write('train.jsonl', 'train', 300),
      '--heldout',
      write('held.jsonl', 'heldout', 60),
    ];
    const json = join(folder, 'own.json');
    const { status, stderr } = command('--json', json, ...files);
    expect(status, stderr).toBe(0);
    expectReport(JSON.parse(readFileSync(json, 'utf8')) as Results);
  });

  test.runIf(LONG)('refuses what it cannot do, in words', () => {
    const { status, stderr } = command('--preset', 'eager');
    expect(status).toBe(1);
    expect(stderr).toContain('There is no preset "eager"');
  });
});
