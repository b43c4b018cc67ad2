import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ImportError } from '../../../../src/data/import/errors.ts';
import { readJudgingTheJudges } from '../../../../src/data/import/judging-the-judges.ts';
import { publishedVerdicts, released, VERDICTS_FILE } from '../released/judging-the-judges.ts';

const { firstFile, secondFile } = released;

it('has 11 judges × 9 takers of 400 answers, and 9 judges of 3,200 labelled rows', () => {
  expect(Object.keys(firstFile.judges)).toHaveLength(11);
  for (const { takers } of Object.values(firstFile.judges)) {
    expect(Object.keys(takers)).toEqual(Object.keys(firstFile.takers));
    for (const { tp, fp, fn, tn, unread } of Object.values(takers))
      expect(tp + fp + fn + tn + unread).toBe(400);
  }
  const pooled = Object.values(secondFile.judges);
  expect(pooled.map(({ tp, fp, fn, tn }) => [tp + fp + fn + tn, tp + fn])).toEqual(
    Array.from({ length: 9 }, () => [3200, 2039]),
  );
});

it('has the human scores of the exam takers: 2,507 of 3,600 right', () => {
  const takers = Object.values(firstFile.takers);
  expect(takers.reduce((sum, { right }) => sum + right, 0)).toBe(2507);
  expect(firstFile.takers['gpt-4t']).toEqual({ items: 400, right: 365 });
});

it('was counted from the published verdicts', ({ skip }) => {
  if (!existsSync(VERDICTS_FILE)) return skip(`${VERDICTS_FILE} is absent`);
  const counted: Record<string, Record<string, Record<string, number>>> = {};
  for (const { judge, taker, verdict, label } of publishedVerdicts()) {
    const cell = ((counted[judge!] ??= {})[taker!] ??= { tp: 0, fp: 0, fn: 0, tn: 0, unread: 0 });
    const where = verdict === null ? 'unread' : verdict === 1 ? (label ? 'tp' : 'fp') : label ? 'fn' : 'tn';
    cell[where]! += 1;
  }
  const shipped = Object.entries(firstFile.judges).map(([judge, { takers }]) => [judge, takers] as const);
  expect(Object.fromEntries(shipped)).toEqual(counted);
});

it('refuses another file', () => {
  expect(() => readJudgingTheJudges('{"firstFile": {}}')).toThrow(ImportError);
  expect(() => readJudgingTheJudges('no JSON')).toThrow(ImportError);
});
