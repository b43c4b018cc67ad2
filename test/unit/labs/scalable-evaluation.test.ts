import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { microItems } from '../../../src/data/micro/items.ts';
import { judgeLimits, type JudgeRates } from '../../../src/evaluate/judge-limits.ts';
import { defaultsOf } from '../../../src/harness/fields.ts';
import type { LabRun } from '../../../src/harness/lab-run.ts';
import type { VerdictRow } from '../../../src/judge/verdict-table.ts';
import { VerdictsError } from '../../../src/labs/lab.ts';
import type { ScalableEvaluation } from '../../../src/labs/scalable-evaluation/cells.ts';
import { flipsByJudge } from '../../../src/labs/scalable-evaluation/flips.ts';
import { lab } from '../../../src/labs/scalable-evaluation/lab.ts';
import { expectedEstimates, startValues, wordsFor } from '../../../src/labs/scalable-evaluation/sliders.ts';
import { publishedVerdicts, VERDICTS_FILE } from '../data/released/judging-the-judges.ts';
import { verdictRow } from '../evaluate/verdict-rows.ts';
import { labBench } from './lab-bench.ts';
import { readReleased } from './released-files.ts';
import { OracleEngine } from './oracle-engine.ts';

const settings = lab.check(defaultsOf(lab.fields));
const analyse = (rows: readonly VerdictRow[], changes: object = {}) =>
  lab.analyse!(rows, lab.check({ ...settings, ...changes })).result as ScalableEvaluation;

/** Verdicts and labels, one letter a row: 1, 0, or - for none. */
const table = (verdicts: string, labels: string, names: Partial<VerdictRow> = {}) =>
  Array.from(verdicts, (verdict, i) => {
    const value = (letter: string) => (letter === '-' ? null : Number(letter));
    return verdictRow({ item: `item ${i}`, verdict: value(verdict), label: value(labels[i]!), ...names });
  });

describe('the published verdicts of GPT-4 on gpt-4t', () => {
  const cell = () =>
    publishedVerdicts().filter(({ judge, taker }) => judge === 'GPT-4' && taker === 'gpt-4t');

  it('with the first 40 labelled give the known arithmetic', ({ skip }) => {
    if (!existsSync(VERDICTS_FILE)) return skip(`${VERDICTS_FILE} is absent`);
    const { judge, labels, ppi, lambda, tunedPpi, truth, labelled, unlabelled } = analyse(
      cell().map((row, i) => (i < 40 ? row : { ...row, label: null })),
    );
    expect([judge, labels, ppi].map((value) => value.toFixed(4))).toEqual(['0.9250', '0.8750', '0.9000']);
    expect([lambda, tunedPpi].map((value) => value!.toFixed(6))).toEqual(['1.126914', '0.903173']);
    expect([truth, labelled, unlabelled]).toEqual([null, 40, 360]);
  });

  it('all labelled: 40 are drawn by seed, and the truth is .9125', ({ skip }) => {
    if (!existsSync(VERDICTS_FILE)) return skip(`${VERDICTS_FILE} is absent`);
    const result = analyse(cell());
    expect(result).toMatchObject({
      by: 'GPT-4',
      taker: 'gpt-4t',
      truth: 0.9125,
      labelled: 40,
      unlabelled: 360,
    });
    expect(result.known!.agreement).toBeCloseTo(0.945, 12);
    expect(result.known!.rhoSquared).toBeCloseTo(0.4073, 4);
    expect([result.known!.bound!, result.known!.factor].map((value) => value.toFixed(2))).toEqual([
      '1.69',
      '1.58',
    ]);
    const estimates = [1, 2, 3, 4].map((seed) => analyse(cell(), { seed }).labels);
    expect(new Set(estimates).size).toBeGreaterThan(1);
  });
});

describe('the released counts', async () => {
  const { result } = (await lab.released!.open(readReleased, settings)) as { result: ScalableEvaluation };

  it('begin with GPT-4 on the strongest model, and have 99 judges × models', () => {
    expect(result).toMatchObject({
      by: 'GPT-4',
      taker: 'gpt-4t',
      truth: 0.9125,
      labelled: 40,
      unlabelled: 360,
    });
    expect(result.cells).toHaveLength(99);
    expect(result.leftOut).toEqual([]);
  });

  it('let ρ² be at most .3475 in the 14 of 97 cells with ½ ≤ AG ≤ b', () => {
    const known = result.cells.flatMap((cell) => (cell.known?.rhoSquared ? [cell.known] : []));
    expect(known).toHaveLength(97);
    const bounded = known.filter(({ agreement, trueScore }) => agreement >= 0.5 && agreement <= trueScore);
    expect(bounded).toHaveLength(14);
    expect(Math.max(...bounded.map(({ rhoSquared }) => rhoSquared!)).toFixed(4)).toBe('0.3475');
    const [sentence] = lab.report(result, settings).filter(({ kind }) => kind === 'sentence');
    expect(sentence).toMatchObject({ text: expect.stringContaining('14 of 97') as string });
  });

  it('let GPT-4 be worth 7.2 × the labels on the weakest model', () => {
    const { known } = result.cells.find(({ by, taker }) => by === 'GPT-4' && taker === 'llama2-7b-chat')!;
    expect(known!.rhoSquared).toBeCloseTo(0.8611, 4);
    expect(known!.bound!.toFixed(1)).toBe('7.2');
  });

  it('show rankings that flip: none by GPT-4, which ranks perfectly', () => {
    const flips = flipsByJudge(result.cells);
    expect(flips).toHaveLength(11);
    expect(flips.find(({ by }) => by === 'GPT-4')).toMatchObject({ pairs: 36, flips: [] });
    const gemma = flips.find(({ by }) => by === 'Gemma-2B')!;
    expect(gemma.flips.length).toBeGreaterThan(10);
    const [{ better, worse }] = gemma.flips as [(typeof gemma.flips)[number]];
    expect(better.truth!).toBeGreaterThan(worse.truth!);
    expect(better.judged).toBeLessThan(worse.judged);
  });
});

describe('a verdict table', () => {
  it('worked by hand: s 1 1 0 0, t 1 0 0 0, and 1 1 0 1 without labels', () => {
    const result = analyse(table('10001101', '1100----'));
    expect(result).toMatchObject({
      judge: 0.75,
      labels: 0.5,
      ppi: 1,
      truth: null,
      labelled: 4,
      unlabelled: 4,
    });
    expect(result.lambda).toBeCloseTo(7 / 24, 12);
    expect(result.tunedPpi).toBeCloseTo(0.5 + (7 / 24) * 0.5, 12);
    expect(result.rhoSquared).toBeCloseTo(1 / 3, 12);
    expect(result.factor).toBeCloseTo(1.2, 12);
    // Cov 1/6, Var s − t 1/4: 2/7 / 4 + 1/4 / 4.
    expect(result.intervals.ppi.high - 1).toBeCloseTo(1.959964 * Math.sqrt(2 / 7 / 4 + 1 / 16), 12);
    expect(result.known).toBeNull();
  });

  it('of a constant judge falls back on the labels, with no λ', () => {
    const result = analyse(table('1111111', '1001---'));
    expect(result).toMatchObject({
      judge: 1,
      labels: 0.5,
      tunedPpi: 0.5,
      lambda: null,
      rhoSquared: null,
      factor: 1,
    });
    expect(result.intervals.tunedPpi).toEqual(result.intervals.labels);
    expect(lab.says(result, settings)).toMatch(/saves no label/);
  });

  it('of one judge and one model is exactly its only cell', () => {
    const { cells, leftOut, ...top } = analyse(table('10011010', '1010----', { judge: 'Ann', taker: 'A' }));
    expect(cells).toEqual([top]);
    expect(leftOut).toEqual([]);
  });

  it('of several has each, and names what cannot be estimated', () => {
    const ann = { judge: 'Ann', taker: 'A' };
    const rows = [...table('1011', '1---', ann), ...table('10011010', '1010----', { ...ann, taker: 'B' })];
    const { by, taker, cells, leftOut } = analyse(rows);
    expect([by, taker, cells.length]).toEqual(['Ann', 'B', 1]);
    expect(leftOut).toEqual([expect.stringMatching(/^Ann on A: .*two labelled/)]);
  });

  it('leaves out verdicts that were not readable, and counts them', () => {
    const result = analyse(table('10-011-1', '110010--'.replace('0--', '---')));
    expect(result).toMatchObject({ unread: 2, labelled: 4, unlabelled: 2 });
  });

  it('is refused in words without labels, with first or second, and where all would be labelled', () => {
    expect(() => analyse(table('1010', '----'))).toThrow(/column "label"/);
    const second = verdictRow({ item: 'q7', judge: 'Ann', verdict: 'second', label: 1 });
    expect(() => analyse([second])).toThrow(VerdictsError);
    expect(() => analyse([second])).toThrow(/item "q7" by judge "Ann" is "second"/);
    expect(() => analyse(table('1010', '1100'))).toThrow(/All items are labelled/);
  });
});

describe('a run', () => {
  it('estimates both models by each judge, from the same labels', async () => {
    const given = { ...settings, answers: 60, labels: 20 };
    const { result } = (await lab.run(labBench(), given)) as { result: ScalableEvaluation };
    const names = result.cells.map(({ by, taker }) => `${by} on ${taker}`);
    expect(names).toEqual(
      ['oracle', 'lenient', 'coin'].flatMap((by) => [`${by} on temperature 0`, `${by} on temperature 1`]),
    );
    const [, , lenient, , coin] = result.cells;
    expect(lenient!.labels).toBe(coin!.labels);
    expect([lenient!.labelled, lenient!.unlabelled]).toEqual([20, 40]);
  });

  it('by a judge that is always right: every verdict is worth a label, and a lenient one is biased upwards', async () => {
    const engine = new OracleEngine();
    engine.usePolicy = async () => {};
    engine.skill = 1;
    const heldout = microItems('heldout', 1, 200).map(({ family: _, ...item }) => item);
    const bench = labBench({ engine, items: { train: [], validation: [], heldout } });
    const { result } = (await lab.run(bench, settings)) as { result: ScalableEvaluation };
    const { known, labelled, unlabelled, ppi, judge, rhoSquared } = result;
    expect(known).toMatchObject({ agreement: 1, judgeBias: 0, bound: null });
    expect(rhoSquared).toBeCloseTo(1, 12);
    expect(known!.factor).toBeCloseTo((labelled + unlabelled) / labelled, 9);
    expect(ppi).toBeCloseTo(judge, 12);
    const lenient = result.cells.find(({ by }) => by === 'lenient')!;
    const fours = heldout.filter(({ score }) => score === 4).length;
    expect(lenient.known!.judgeBias * 200).toBeGreaterThan(fours / 4);
    expect(lenient.known!.judgeBias * 200).toBeLessThanOrEqual(fours);
  });
});

describe('the sliders', () => {
  const example = startValues(null);

  it('begin with an example, or with the rates of a finished run', () => {
    expect(example.rates).toEqual({ trueScore: 0.8, sensitivity: 0.85, specificity: 0.6 });
    const result = analyse(table('1101', '1100'), { labels: 2 });
    const run = { outcome: { result } } as unknown as LabRun;
    expect(startValues(run)).toEqual({
      rates: { trueScore: 0.5, sensitivity: 1, specificity: 0.5 },
      sizes: { labelled: 2, unlabelled: 2 },
    });
  });

  it('show the worked example: the judge alone at 76 %, the others at 80 % on average', () => {
    const limits = judgeLimits(example.rates, { labelled: 200, unlabelled: 2000 });
    const [naive, , , tuned] = expectedEstimates(limits, 0.8);
    expect(naive!.mean).toBeCloseTo(0.76, 12);
    expect(tuned!.mean).toBe(0.8);
    // The variance 6.708e-4 of papers.md 3.1.
    expect(((tuned!.high - 0.8) / 1.959964) ** 2).toBeCloseTo(6.708e-4, 7);
  });

  it('say where the bound of 2 holds', () => {
    const words = (changes: Partial<JudgeRates>) =>
      wordsFor({ ...example, rates: { ...example.rates, ...changes } });
    expect(words({})).toMatch(/right on 80.0 %.*never more than twice/);
    expect(words({ specificity: 0.9 })).toMatch(/better than the model.*no bound/);
    expect(words({ sensitivity: 0.1 })).toMatch(/less than half/);
    expect(words({ sensitivity: 1, specificity: 1 })).toMatch(/without end/);
  });
});
