import { describe, expect, it } from 'vitest';
import { carriedBlock } from '../../../src/share/blocks.ts';
import type { Experiment } from '../../../src/share/experiment.ts';
import { reproduction } from '../../../src/share/reproduction.ts';
import { EXPERIMENT } from './experiment.ts';

const interval = (mean: number) => ({ mean, low: mean - 0.04, high: mean + 0.04 });

function run(
  changes: { accuracy?: number; fingerprint?: string; backend?: 'wasm' | 'webgpu' } = {},
): Experiment {
  const { accuracy = 0.7, fingerprint = 'aaaaaaaa', backend = 'wasm' } = changes;
  return {
    ...EXPERIMENT,
    model: { ...EXPERIMENT.model!, backend },
    metrics: {
      before: { items: 1500, accuracy: 0.47 },
      rounds: [{ items: 1500, accuracy, difference: interval(accuracy - 0.47) }],
    },
    fingerprints: {
      'seed judge': 'bbbbbbbb',
      'round 1 samples': fingerprint,
      'round 1 pairs': fingerprint,
      'round 1 grades': fingerprint,
    },
  };
}

describe('a run that was run again', () => {
  it('with the same fingerprints is identical in every stage', () => {
    const { verdict, parted, stages } = reproduction(run(), run());
    expect(verdict).toBe('identical');
    expect(parted).toBeNull();
    expect(stages.map(({ stage }) => stage)).toEqual(['seed judge', 'round 1 samples', 'round 1 pairs', 'round 1 grades']); // prettier-ignore
  });

  it('on another engine agrees, and says where it parted and why', () => {
    const here = run({ fingerprint: 'cccccccc', accuracy: 0.71, backend: 'webgpu' });
    const { verdict, parted, differences, refuted } = reproduction(run(), here);
    expect({ verdict, parted, refuted }).toEqual({
      verdict: 'agrees',
      parted: 'round 1 samples',
      refuted: [],
    });
    expect(differences).toEqual(['the engine: wasm there, webgpu here']);
  });

  it('whose claim was raised by 15 points differs', () => {
    const claimed = run({ accuracy: 0.85 });
    const { verdict, refuted } = reproduction(claimed, run({ fingerprint: 'cccccccc' }));
    expect(verdict).toBe('differs');
    expect(refuted.map(({ name }) => name)).toEqual([
      'round 1: gain over the seed judge',
      'round 1: accuracy',
    ]);
  });

  it('identical to the last bit, but with a claim that was raised, differs where the number is made', () => {
    const { verdict, stages, refuted } = reproduction(run({ accuracy: 0.85 }), run());
    expect(verdict).toBe('differs');
    expect(stages.filter((one) => one.verdict === 'differs').map(({ stage }) => stage)).toEqual([
      'round 1 grades',
    ]);
    expect(refuted.map(({ name }) => name)).toContain('round 1 grades: accuracy');
  });

  it('without fingerprints in the link is held against its claims', () => {
    const { fingerprints: _, ...claimed } = run();
    expect(reproduction(claimed, run()).verdict).toBe('agrees');
  });

  it('whose link claims nothing says so', () => {
    const claimed = { ...run({ fingerprint: 'cccccccc' }), metrics: {} };
    expect(reproduction(claimed, run()).verdict).toBe('unclaimed');
  });
});

describe('a lab that was run again', () => {
  const lab = (value: number, result: string): Experiment => {
    const rows = [{ label: 'likelihood', value, low: value - 0.05, high: value + 0.05 }];
    const block = carriedBlock({ kind: 'intervals', title: 'AUC', format: 'decimal2', rows })!;
    return {
      ...EXPERIMENT,
      kind: 'lab',
      lab: 'uncertainty',
      metrics: {},
      blocks: [block],
      fingerprints: { result },
    };
  };

  it('agrees where its pictures lie in the intervals, and differs where they do not', () => {
    expect(reproduction(lab(0.7, 'aaaaaaaa'), lab(0.7, 'aaaaaaaa')).verdict).toBe('identical');
    expect(reproduction(lab(0.7, 'aaaaaaaa'), lab(0.7263, 'bbbbbbbb')).verdict).toBe('agrees');
    const { verdict, refuted } = reproduction(lab(0.85, 'aaaaaaaa'), lab(0.7, 'bbbbbbbb'));
    expect(verdict).toBe('differs');
    expect(refuted[0]).toMatchObject({ name: 'AUC: likelihood', claimed: 0.85 });
  });

  it('differs where a number was raised, in pictures or in metrics, though its verdicts are identical', () => {
    expect(reproduction(lab(0.74, 'aaaaaaaa'), lab(0.7, 'aaaaaaaa')).verdict).toBe('differs');
    const found = { ...lab(0.7, 'aaaaaaaa'), metrics: { judges: { a: { accuracy: 0.64 } } } };
    const claimed = { ...found, metrics: { judges: { a: { accuracy: 0.79 } } } };
    expect(reproduction(found, found).verdict).toBe('identical');
    expect(reproduction(claimed, found)).toMatchObject({
      verdict: 'differs',
      refuted: [{ name: 'judges, a, accuracy', claimed: 0.79 }],
    });
  });

  it('elsewhere is held against the intervals of its metrics', () => {
    const found = { ...lab(0.7, 'bbbbbbbb'), metrics: { gain: { mean: 0.2, low: 0.1, high: 0.3 } } };
    const claim = (mean: number) => ({
      ...lab(0.7, 'aaaaaaaa'),
      metrics: { gain: { mean, low: 0, high: 1 } },
    });
    expect(reproduction(claim(0.25), found).verdict).toBe('agrees');
    expect(reproduction(claim(0.35), found).refuted.map(({ name }) => name)).toEqual(['gain']);
  });
});
