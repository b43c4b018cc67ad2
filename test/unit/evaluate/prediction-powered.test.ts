import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { random } from '../../../src/judge/random.ts';
import { judgeLimits } from '../../../src/evaluate/judge-limits.ts';
import { labelledSample } from '../../../src/evaluate/labelled-sample.ts';
import { predictionPowered } from '../../../src/evaluate/prediction-powered.ts';
import { publishedVerdicts, VERDICTS_FILE } from '../data/released/judging-the-judges.ts';
import { verdictRow } from './verdict-rows.ts';

describe('worked by hand: s 1 1 0 0, t 1 0 0 0, and 1 1 0 1 without labels', () => {
  const result = predictionPowered({
    labels: [1, 1, 0, 0],
    labelledVerdicts: [1, 0, 0, 0],
    unlabelledVerdicts: [1, 1, 0, 1],
  });

  it('has the four estimates', () => {
    expect([result.judge.mean, result.labels.mean, result.ppi.mean]).toEqual([0.75, 0.5, 1]);
    // Cov 1/6, Var t 2/7 over all eight: λ = (1/6) / (2 · 2/7) = 7/24.
    expect(result.lambda).toBeCloseTo(7 / 24, 12);
    expect(result.tunedPpi.mean).toBeCloseTo(0.5 + (7 / 24) * 0.5, 12);
  });

  it('has their standard errors', () => {
    expect(result.labels.standardError ** 2).toBeCloseTo(1 / 3 / 4, 12);
    expect(result.judge.standardError ** 2).toBeCloseTo(2 / 7 / 4, 12);
    expect(result.ppi.standardError ** 2).toBeCloseTo(2 / 7 / 4 + 1 / 4 / 4, 12);
    expect(result.labels.high - result.labels.mean).toBeCloseTo(1.959964 * result.labels.standardError, 12);
  });

  it('has ρ² 1/3 on the labelled items, so τ = 1 / (1 − 1/6)', () => {
    expect(result.rhoSquared).toBeCloseTo(1 / 3, 12);
    expect(result.factor).toBeCloseTo(1.2, 12);
    expect(result.bound).toBeCloseTo(1.5, 12);
  });
});

it('gives the known arithmetic for GPT-4 on gpt-4t with the first 40 answers labelled', ({ skip }) => {
  if (!existsSync(VERDICTS_FILE)) return skip(`${VERDICTS_FILE} is absent`);
  const rows = publishedVerdicts().filter(({ judge, taker }) => judge === 'GPT-4' && taker === 'gpt-4t');
  const part = rows.map((row, i) => ({ ...row, label: i < 40 ? row.label : null }));
  const { judge, labels, ppi, lambda, tunedPpi } = predictionPowered(labelledSample(part));
  expect([judge.mean, labels.mean, ppi.mean].map((value) => value.toFixed(4))).toEqual([
    '0.9250',
    '0.8750',
    '0.9000',
  ]);
  expect(lambda!.toFixed(6)).toBe('1.126914');
  expect(tunedPpi.mean.toFixed(6)).toBe('0.903173');
});

it('is unbiased, with the variance that theory gives and intervals that hold 95 %', () => {
  const rates = { trueScore: 0.8, sensitivity: 0.85, specificity: 0.6 };
  const sizes = { labelled: 200, unlabelled: 800 };
  const next = random(1, 'prediction-powered');
  const verdictOn = (label: number) => Number(next() < (label ? rates.sensitivity : 1 - rates.specificity));
  const labels = (size: number) => Array.from({ length: size }, () => Number(next() < rates.trueScore));
  const runs = Array.from({ length: 1500 }, () => {
    const known = labels(sizes.labelled);
    const unlabelledVerdicts = labels(sizes.unlabelled).map(verdictOn);
    return predictionPowered({ labels: known, labelledVerdicts: known.map(verdictOn), unlabelledVerdicts });
  });
  const errors = runs.map(({ tunedPpi }) => tunedPpi.mean - rates.trueScore);
  const expected = judgeLimits(rates, sizes).standardErrors.tunedPpi;
  const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(Math.abs(meanOf(errors))).toBeLessThan(4 * (expected / Math.sqrt(runs.length)));
  expect(Math.sqrt(meanOf(errors.map((error) => error ** 2))) / expected).toBeCloseTo(1, 1);
  const held = runs.filter(
    ({ tunedPpi: { low, high } }) => low <= rates.trueScore && rates.trueScore <= high,
  );
  expect(held.length / runs.length).toBeGreaterThan(0.93);
  expect(held.length / runs.length).toBeLessThan(0.97);
});

describe('where a judge tells nothing', () => {
  it('a constant judge leaves λ undefined: the tuned estimate is that of the labels', () => {
    const result = predictionPowered({
      labels: [1, 0, 1],
      labelledVerdicts: [0.1, 0.1, 0.1],
      unlabelledVerdicts: [0.1, 0.1],
    });
    expect(result).toMatchObject({ lambda: null, rhoSquared: null, factor: 1 });
    expect(result.tunedPpi).toEqual(result.labels);
  });

  it('constant labels leave ρ² undefined', () => {
    const sample = { labels: [1, 1], labelledVerdicts: [0, 1], unlabelledVerdicts: [1] };
    expect(predictionPowered(sample)).toMatchObject({ rhoSquared: null, factor: 1, lambda: 0 });
  });
});

describe('a sample', () => {
  it('comes from a verdict table: labelled, unlabelled, and unread rows left out', () => {
    const rows = [
      { verdict: 1, label: 0 },
      { verdict: 0.5, label: null },
      { verdict: null, label: 1 },
      { verdict: 0, label: 1 },
    ].map(verdictRow);
    expect(labelledSample(rows)).toEqual({
      labels: [0, 1],
      labelledVerdicts: [1, 0],
      unlabelledVerdicts: [0.5],
    });
  });

  it('is refused in words where nothing can be estimated', () => {
    const sample = { labels: [1, 0], labelledVerdicts: [1, 0], unlabelledVerdicts: [1] };
    expect(() => predictionPowered({ ...sample, unlabelledVerdicts: [] })).toThrow(/All items are labelled/);
    expect(() => predictionPowered({ ...sample, labels: [1], labelledVerdicts: [1] })).toThrow(
      /two labelled/,
    );
    expect(() => predictionPowered({ ...sample, labels: [1, 0, 1] })).toThrow(/3 labels, but 2/);
  });
});
