import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ImportError } from '../../../../src/data/import/errors.ts';
import { atOnce } from '../../../../src/judge/steps.ts';
import { readJsonLines } from '../../../../src/data/import/json-lines.ts';
import { isExpert, readMtBenchVotes } from '../../../../src/data/import/mt-bench-votes.ts';
import { SHARED_FOLDER } from '../../../../scripts/vite/shared-folder.ts';
import { gpt4, human } from '../released/mt-bench-votes.ts';

const PUBLISHED = `${SHARED_FOLDER}/data/mt-bench/human_votes`;
const HEADER = 'judge,model_a,model_b,question_id,turn,winner\n';

it('has 3,355 votes of 58 experts and 7 authors, and 2,400 verdicts of GPT-4', () => {
  expect([human.length, gpt4.length]).toEqual([3355, 2400]);
  const voters = (votes: typeof human) => new Set(votes.map(({ judge }) => judge)).size;
  expect(voters(human.filter(isExpert))).toBe(58);
  expect(voters(human.filter((vote) => !isExpert(vote)))).toBe(7);
});

it('has GPT-4 inconsistent in 15.8 %', () => {
  const changed = gpt4.filter(({ inconsistent }) => inconsistent);
  expect(changed).toHaveLength(380);
  expect(changed.every(({ winner }) => winner === 'tie')).toBe(true);
});

it.for([
  ['human.jsonl', human],
  ['gpt4_pair.jsonl', gpt4],
] as const)('is %s, row by row in its order', ([file, votes], { skip }) => {
  const path = `${PUBLISHED}/${file}`;
  if (!existsSync(path)) return skip(`${path} is absent`);
  const winners: Record<string, string> = { model_a: 'a', model_b: 'b' };
  const published = atOnce(readJsonLines(readFileSync(path, 'utf8'))).rows.map(({ values }) => ({
    judge: values['judge'] === 'gpt4_pair' ? 'gpt-4' : values['judge'],
    a: values['model_a'],
    b: values['model_b'],
    question: String(values['question_id']),
    turn: values['turn'],
    winner: winners[values['winner'] as string] ?? 'tie',
    inconsistent: values['winner'] === 'tie (inconsistent)',
  }));
  expect(votes).toEqual(published);
});

it.each([
  ['a winner that is none', 'x,m,n,81,1,c', 3],
  ['a turn that is none', 'x,m,n,81,one,a', 3],
  ['a turn that no question has', 'x,m,n,81,-0,a', 3],
  ['an empty cell', 'x,,n,81,1,a', 3],
])('names the line of %s', (_, line, number) => {
  try {
    readMtBenchVotes(`${HEADER}x,m,n,81,1,a\n${line}\n`);
    expect.unreachable();
  } catch (error) {
    expect((error as ImportError).problems).toMatchObject([{ line: number }]);
  }
});
