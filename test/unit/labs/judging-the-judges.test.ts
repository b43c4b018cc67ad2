import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AGREEMENT_MEASURES, type JudgeAgreement } from '../../../src/evaluate/judge-agreement.ts';
import { microItems } from '../../../src/data/micro/items.ts';
import { defaultsOf } from '../../../src/harness/fields.ts';
import type { VerdictRow } from '../../../src/judge/verdict-table.ts';
import { VerdictsError } from '../../../src/labs/lab.ts';
import { lab } from '../../../src/labs/judging-the-judges/lab.ts';
import type { JudgingTheJudges } from '../../../src/labs/judging-the-judges/measure.ts';
import { publishedVerdicts, VERDICTS_FILE } from '../data/released/judging-the-judges.ts';
import { verdictRow } from '../evaluate/verdict-rows.ts';
import { labBench } from './lab-bench.ts';
import { readReleased } from './released-files.ts';
import { OracleEngine } from './oracle-engine.ts';
import { LONG } from '../../long.ts';

const settings = lab.check(defaultsOf(lab.fields));
const analyse = (rows: readonly VerdictRow[]) => lab.analyse!(rows, settings).result as JudgingTheJudges;
const opened = (await lab.released!.open(readReleased, settings)).result as JudgingTheJudges;

type Row = readonly (number | null)[];

/** Per cent: agreement, κ, π, score difference, and ρ against all labels (SOURCE.md of the released verdicts). */
const FIRST_FILE: Record<string, Row> = {
  'GPT-4': [91.15, 78.76, 78.75, 1.5, 100],
  'Llama3-70B': [92.66, 81.79, 81.74, 4.84, 93.33],
  Contains: [84.78, 68.32, 67.59, -14.71, 98.33],
  JudgeLM: [80.17, 59.17, 58.05, -16.11, 98.33],
  'Mistral-7B': [89.4, 73.61, 73.52, 5.26, 91.67],
  'Llama-70B': [89.87, 74.03, 73.76, 8.86, 75],
  'Llama-7B': [86.12, 65.64, 65.55, 4.65, 58.33],
  'Llama3-8B': [85.09, 64.18, 64.16, 1.56, 76.67],
  'Llama-13B': [77.5, 54.42, 52.85, -18.11, 81.67],
  EM: [70.88, 45.78, 41.13, -29.12, 78.33],
  'Gemma-2B': [78.03, 42.2, 41.32, 10.68, 11.72],
};

/** The same without ranks (papers.md 5.5). */
const SECOND_FILE: Record<string, Row> = {
  'GPT-4': [95.0, 89.24, 89.24, -0.88, null],
  'Llama3-70B': [94.41, 87.65, 87.63, 3.47, null],
  'Llama-13B': [87.75, 72.07, 71.82, 8.69, null],
  'Llama-70B': [86.41, 68.15, 67.51, 12.97, null],
  'Mistral-7B': [85.22, 65.21, 64.43, 13.66, null],
  'Llama3-8B': [83.5, 60.59, 59.35, 15.94, null],
  'Llama-7B': [78.5, 47.39, 44.81, 19.56, null],
  'Gemma-2B': [62.69, 4.99, -3.49, 25.38, null],
  JudgeLM: [52.06, 17.45, 1.71, -43.12, null],
};

/** Equal to the last digit of the tables, 0.01 points; some values lie half way between two digits. */
function expectTable(judges: Record<string, JudgeAgreement>, table: Record<string, Row>): void {
  expect(Object.keys(judges).toSorted()).toEqual(Object.keys(table).toSorted());
  for (const [judge, row] of Object.entries(table)) {
    const { agreement, kappa, pi, scoreDifference, rankCorrelation } = judges[judge]!;
    for (const [i, value] of [agreement, kappa, pi, scoreDifference, rankCorrelation].entries())
      if (row[i] === null) expect(value).toBeNull();
      else expect(Math.abs(value! * 100 - row[i]!), `${judge} ${i}`).toBeLessThan(0.005 + 1e-9);
  }
}

describe('the released counts', () => {
  it('give the first file’s table, ranks against the truth over all rows', () => {
    expectTable(opened.judges, FIRST_FILE);
  });

  it('give the second file’s table, without ranks', () => {
    expectTable(opened.otherPrompts!, SECOND_FILE);
    expect(opened.otherPrompts!['JudgeLM']).toMatchObject({ items: 3200, falsePass: 77 / 1161, falseFail: 1457 / 2039 }); // prettier-ignore
  });

  it('have the exam takers’ true scores and the unread rows', () => {
    const truth = Object.fromEntries(opened.takers.map(({ taker, truth }) => [taker, truth]));
    expect([truth['gpt-4t'], truth['llama2-70b-base'], truth['llama2-7b-chat']]).toEqual([0.9125, 0.835, 0.5575]); // prettier-ignore
    expect(opened.unread).toMatchObject({ 'Llama-70B': 135, 'GPT-4': 5 });
    expect(opened.judges['Llama-70B']!.items).toBe(3465);
  });

  it('say that a judge agrees less and ranks better, and claim no interval', () => {
    expect(lab.says(opened, settings)).toMatch(/“GPT-4” agrees.*3,595 answers.*“Llama3-70B” has the highest κ.*“JudgeLM”, with a κ of only 0.592, ranks them better.*without intervals/); // prettier-ignore
  });
});

describe('a verdict table', () => {
  it.runIf(LONG)(
    'of the published verdicts gives the same, ranks over the rows that a judge could read',
    ({ skip }) => {
      if (!existsSync(VERDICTS_FILE)) return skip(`${VERDICTS_FILE} is absent`);
      const { judges, intervals } = analyse(publishedVerdicts());
      const ofRead = { ...FIRST_FILE, 'Llama-70B': FIRST_FILE['Llama-70B']!.with(4, 81.67) };
      expectTable(judges, ofRead);
      for (const [judge, own] of Object.entries(judges))
        for (const measure of AGREEMENT_MEASURES) {
          const { low, high } = intervals![judge]![measure]!;
          expect(low, `${judge} ${measure}`).toBeLessThanOrEqual(own[measure]!);
          expect(high, `${judge} ${measure}`).toBeGreaterThanOrEqual(own[measure]!);
        }
    },
  );

  const rows = (
    [
      ['a', 1, 1],
      ['a', 1, 0],
      ['a', 1, 1],
      ['b', 0, 1],
      ['b', 0, 0],
      ['b', 1, 0],
      ['b', null, 1],
      ['b', 1, null],
    ] as const
  ).map(([taker, verdict, label], i) => verdictRow({ item: `item ${i}`, taker, verdict, label }));

  it('without a judge column is of one judge "judge"; only rows with both values count', () => {
    expect(analyse(rows).judges).toEqual({
      judge: {
        items: 6,
        agreement: 3 / 6,
        // Chance: 4/6 · 3/6 + 2/6 · 3/6 = 1/2.
        kappa: expect.closeTo(0, 12) as number,
        // Chance: (7/12)² + (5/12)² = 74/144.
        pi: expect.closeTo((3 / 6 - 74 / 144) / (1 - 74 / 144), 12) as number,
        falsePass: 2 / 3,
        falseFail: 1 / 3,
        scoreDifference: expect.closeTo(1 / 6, 12) as number,
        rankCorrelation: expect.closeTo(1, 12) as number,
      },
    });
  });

  it('without exam takers has no ranks, and is still shown', () => {
    const result = analyse(rows.map((row) => ({ ...row, taker: null })));
    expect(result.judges['judge']).toMatchObject({ items: 6, rankCorrelation: null });
    expect(lab.report(result, settings).map(({ kind }) => kind)).toEqual(['scatter', 'table']);
    expect(lab.says(result, settings)).toMatch(/too few/);
  });

  it.each([
    ['second', 1],
    [3, 1],
    [1, 'tie'],
    [3, null],
  ] as const)('refuses the verdict %s with the label %s, naming item and judge', (verdict, label) => {
    const bad = verdictRow({ item: 'q7', judge: 'Ann', verdict, label });
    expect(() => analyse([...rows, bad])).toThrow(VerdictsError);
    expect(() => analyse([...rows, bad])).toThrow(/item "q7" by judge "Ann"/);
  });

  it('refuses a table without labels, and one without rows that have both', () => {
    const unlabelled = rows.map((row) => ({ ...row, label: null }));
    expect(() => analyse(unlabelled)).toThrow(/column "label" must hold 1 \(right\) or 0 \(wrong\)/);
    const apart = [verdictRow({ verdict: 1 }), verdictRow({ label: 1 })];
    expect(() => analyse(apart)).toThrow(/No row has both/);
  });
});

describe('a run', () => {
  it('has all judges judge the same answers of three exam takers', async () => {
    const { result, exhibits } = await lab.run(labBench(), { ...settings, questions: 30 });
    const { judges, takers, unread } = result as JudgingTheJudges;
    expect(Object.keys(judges)).toEqual(['oracle', 'contains', 'exact', 'coin']);
    expect(judges['oracle']!.items + unread['oracle']!).toBe(90);
    expect([judges['contains']!.items, judges['exact']!.items, judges['coin']!.items]).toEqual([90, 90, 90]);
    expect(takers.map(({ taker }) => taker)).toEqual(['temperature 0', 'temperature 0.7', 'temperature 1.2']);
    const [first] = exhibits!['judge oracle']!;
    expect(first!.texts.map(([name]) => name)).toEqual(['Question', 'Answer', 'Reference', 'Truth', 'Judgment']); // prettier-ignore
  });

  it('finds a judge that is always right to be so', async () => {
    const engine = new OracleEngine();
    engine.usePolicy = async () => {};
    engine.skill = 1;
    const items = { train: [], validation: [], heldout: microItems('heldout', 1, 120) };
    const { result } = await lab.run(labBench({ engine, items }), settings);
    const { judges, takers } = result as JudgingTheJudges;
    expect(judges['oracle']).toMatchObject({ agreement: 1, kappa: 1, pi: 1, falsePass: 0, falseFail: 0, scoreDifference: 0 }); // prettier-ignore
    expect(judges['oracle']!.rankCorrelation).toBeCloseTo(1, 12);
    expect(judges['exact']!.items).toBe(0);
    expect(takers.length).toBeGreaterThan(5);
  });

  it('judges the reader’s own labelled items where there are some', async () => {
    const item = { id: 'x', instruction: 'Say it.', response: 'It.', criterion: 'correct answer', score: 5 as const, family: 'mine' }; // prettier-ignore
    const items = { train: [], validation: [], heldout: [item, { ...item, id: 'y', response: 'What?', score: 1 as const }] }; // prettier-ignore
    const { result } = await lab.run(labBench({ items }), settings);
    expect((result as JudgingTheJudges).takers).toMatchObject([{ taker: 'mine', truth: 0.5 }]);
  });
});
