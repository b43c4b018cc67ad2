import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Inference } from '../../scripts/entries/infer.ts';
import type { JudgmentLine } from '../../scripts/entries/judge.ts';
import { readSafetensors } from '../../src/model/formats/safetensors.ts';
import { LONG } from '../long.ts';

const MODEL = 'test/fixtures/models/qwen2';
const NANO = 'test/fixtures/nano-judge-prototype';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'commands-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const command = (script: string, ...options: string[]) =>
  spawnSync('npx', ['--no-install', 'tsx', `scripts/${script}.ts`, ...options], { encoding: 'utf8' });

const tensors = (path: string) => readSafetensors(new Uint8Array(readFileSync(path)).buffer).arrays;

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('npm run infer', () => {
  // `npm test` has the same numbers from the same code in test/browser/model/architectures.test.ts.
  test.runIf(LONG)("gives transformers' tokens, log-probabilities and logits", () => {
    const golden = JSON.parse(readFileSync(`${MODEL}/golden.json`, 'utf8')) as {
      input_ids: number[][];
      greedy: number[][];
      logprobs: number[][];
    };
    const prompts = write('ids.jsonl', golden.input_ids.map((ids) => JSON.stringify({ ids })).join('\n'));
    const [json, logits] = [join(folder, 'out.json'), join(folder, 'logits.safetensors')];
    const tokens = String(golden.greedy[0]!.length);
    const run = command('infer', '--model', MODEL, '--prompt-file', prompts, '--tokens', tokens, '--json', json, '--logits', logits); // prettier-ignore
    expect(run.status, run.stderr).toBe(0);

    const results = JSON.parse(readFileSync(json, 'utf8')) as Inference[];
    expect(results.map(({ ids }) => ids)).toEqual(golden.input_ids);
    expect(results.map(({ continuationIds }) => continuationIds)).toEqual(golden.greedy);
    results.forEach(({ logprobs }, i) => expect(farthest(logprobs, golden.logprobs[i]!)).toBeLessThan(1e-3));
    const theirs = tensors(`${MODEL}/golden.safetensors`);
    for (const [name, { data }] of tensors(logits))
      expect(farthest(data, theirs.get(name)!.data), name).toBeLessThan(1e-3);
  });

  test.runIf(LONG)('names the line of a prompt that is none', () => {
    const prompts = write('bad.jsonl', '{"text": "fine"}\n{"ids": []}\n');
    const { status, stderr } = command('infer', '--model', MODEL, '--prompt-file', prompts);
    expect(status).toBe(1);
    expect(stderr).toContain('Line 2');
  });
});

describe('npm run judge', () => {
  test.runIf(LONG)('writes one readable verdict a line', () => {
    const rows = readFileSync(`${NANO}/heldout.jsonl`, 'utf8').trim().split('\n').slice(0, 10);
    const items = write('items.jsonl', rows.join('\n'));
    const { status, stdout, stderr } = command('judge', '--model', NANO, '--items', items);
    expect(status, stderr).toBe(0);
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as JudgmentLine); // prettier-ignore
    const greedy = rows.map((row) => (JSON.parse(row) as { greedy: string }).greedy);
    expect(lines.map(({ text }) => text)).toEqual(greedy);
    expect(lines.every(({ verdict }) => verdict.kind === 'score')).toBe(true);
  });
});

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}
