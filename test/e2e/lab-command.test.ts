import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { microItems } from '../../src/data/micro/items.ts';
import type { LabJson } from '../../src/labs/lab-json.ts';
import { LONG } from '../long.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const command = (...options: string[]) =>
  spawnSync('npx', ['--no-install', 'tsx', 'scripts/lab.ts', ...options], { encoding: 'utf8' });

/** The same without waiting: refusals start no browser, so several fit beside each other. */
const commandBeside = (...options: string[]) =>
  new Promise<{ status: number; stderr: string }>((resolve) => {
    execFile('npx', ['--no-install', 'tsx', 'scripts/lab.ts', ...options], (error, _stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, stderr });
    });
  });

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as LabJson;

/** A file in the test's folder. */
function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('npm run lab', () => {
  test('lists the labs', () => {
    const { status, stdout } = command('--list');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      'self-rationalization', 'judging-the-judges', 'scalable-evaluation', 'mt-bench', 'judgebench',
      'selective-generation', 'judgerank', 'planted-verdict', 'uncertainty',
    ]); // prettier-ignore
  });

  test.runIf(LONG)('refuses in words what it cannot do', async () => {
    const refused: [string[], RegExp][] = [
      [['nothing'], /no lab "nothing".*judgebench/],
      [['judgebench', '--questions', '0'], /at least/],
      [['judgebench', '--answer', '1'], /--answer.*There are .*--questions/],
      [['self-rationalization', '--verdicts', 'x.csv'], /cannot work from a file of verdicts/],
      [['judging-the-judges', '--verdicts', 'nowhere.csv'], /nowhere\.csv cannot be read/],
      [['selective-generation', '--data', 'x.jsonl'], /questions of its own/],
    ];
    await Promise.all(
      refused.slice(0, LONG ? undefined : 3).map(async ([options, words]) => {
        const { status, stderr } = await commandBeside(...options);
        expect(stderr).toMatch(words);
        expect(status).not.toBe(0);
        expect(stderr).not.toContain('    at ');
      }),
    );
  });

  test('analyses a file of verdicts, without a judge, under the promised names', () => {
    const rows = [
      'q1,A,m,1,1',
      'q2,A,m,1,0',
      'q3,A,n,0,0',
      'q4,A,n,,1',
      'q5,A,n,1,',
      'q6,A,n,1,1',
      'q7,A,m,0,1',
    ];
    const verdicts = write('v.csv', `item,judge,taker,verdict,label\n${rows.join('\n')}\n`);
    const json = join(folder, 'v.json');
    const { status, stderr } = command('judging-the-judges', '--verdicts', verdicts, '--json', json);
    expect(status, stderr).toBe(0);
    const { result, ...rest } = read(json);
    expect(rest).toMatchObject({ lab: 'judging-the-judges', judge: null, data: { size: 7 } });
    const { A: judge } = (result as { judges: Record<string, Record<string, number>> }).judges;
    // Of five rows with both values: right and passed 2, wrong and passed 1, wrong and failed 1, right and failed 1.
    expect(judge).toMatchObject({ items: 5, agreement: 0.6, falsePass: 0.5, scoreDifference: 0 });
    expect(judge!['falseFail']).toBeCloseTo(1 / 3, 12);
    expect(judge!['kappa']).toBeCloseTo(1 / 6, 12);
    expect(judge!['pi']).toBeCloseTo(1 / 6, 12);
    expect(judge!['rankCorrelation']).toBeCloseTo(1, 12);
  });

  test.runIf(LONG)('asks the judge about the reader’s own items, and goes on in its folder', () => {
    const items = microItems('heldout', 1, 150);
    const data = write('items.jsonl', items.map((item) => JSON.stringify(item)).join('\n'));
    const json = join(folder, 'u.json');
    const work = join(folder, 'work');
    const options = [
      'uncertainty',
      '--data',
      data,
      '--samples',
      '3',
      '--seed',
      '2',
      '--folder',
      work,
      '--json',
      json,
    ];
    const first = command(...options, '--markdown', join(folder, 'u.md'));
    expect(first.status, first.stderr).toBe(0);
    const { result, ...rest } = read(json);
    expect(rest).toMatchObject({
      lab: 'uncertainty',
      settings: { seed: 2, samples: 3 },
      judge: { hash: expect.any(String), protocol: 'nano-point', backend: 'wasm' },
      data: { size: 150 },
    });
    expect(readFileSync(join(folder, 'u.md'), 'utf8').trim()).toBe(first.stdout.trim());
    const again = command(...options);
    expect(again.status, again.stderr).toBe(0);
    // Nothing is asked again: the run is finished.
    expect(again.stderr).not.toContain('Judging');
    expect(read(json).result).toEqual(result);

    writeFileSync(data, items.slice(1).map((item) => JSON.stringify(item)).join('\n')); // prettier-ignore
    const edited = command(...options);
    expect(edited.status).not.toBe(0);
    expect(edited.stderr).toMatch(/its data changed \(own items, 150 then; own items, 149 now\)/);
  });
});
