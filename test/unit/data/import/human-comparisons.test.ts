import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ImportError } from '../../../../src/data/import/errors.ts';
import { readPandaLm } from '../../../../src/data/import/human-comparisons.ts';
import { SHARED_FOLDER } from '../../../../scripts/vite/shared-folder.ts';

const TEST_SET = `${SHARED_FOLDER}/data/pandalm/testset-v1.json`;

const row = (votes: [number, number, number]) => ({
  instruction: 'Say hello.',
  input: '',
  response1: 'Hello.',
  response2: 'Bye.',
  annotator1: votes[0],
  annotator2: votes[1],
  annotator3: votes[2],
});

it('takes the majority of three votes, and a tie where all differ', () => {
  const rows = [row([1, 1, 2]), row([2, 0, 2]), row([0, 0, 1]), row([0, 1, 2])];
  expect(readPandaLm(JSON.stringify(rows)).map(({ vote }) => vote)).toEqual([1, -1, 0, 0]);
});

it('refuses rows of another shape', () => {
  expect(() => readPandaLm(JSON.stringify([{ ...row([1, 1, 1]), annotator2: 3 }]))).toThrow(ImportError);
});

it("finds the published counts in PandaLM's test set: 105 ties, 422 first, 472 second", ({ skip }) => {
  if (!existsSync(TEST_SET)) return skip(`${TEST_SET} is absent`);
  const votes = readPandaLm(readFileSync(TEST_SET, 'utf8')).map(({ vote }) => vote);
  const count = (vote: number) => votes.filter((one) => one === vote).length;
  expect([count(0), count(1), count(-1)]).toEqual([105, 422, 472]);
});
