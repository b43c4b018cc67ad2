import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readTrlConfig, TrlConfigError, trlLearningRate } from '../../../src/train/trl-config.ts';

const logOf = (run: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/dpo/${run}/log.json`, import.meta.url), 'utf8'));

describe("TRL's configuration", () => {
  test('is read from a log as it is, lists and numbers in strings', () => {
    const config = readTrlConfig(logOf('sigmoid+sft'));
    expect(config.loss.losses).toEqual([
      { type: 'sigmoid', weight: 1 },
      { type: 'sft', weight: 0.5 },
    ]);
    expect(config.optimizer).toEqual({
      learningRate: 1e-3,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      maxGradNorm: 1,
    });
    expect(config).toMatchObject({ batchSize: 4, steps: 6, schedule: 'linear', ignored: [] });
    expect(readTrlConfig(logOf('robust')).loss.labelSmoothing).toBe(0.1);
  });

  test('falls linearly to 0', () => {
    const config = readTrlConfig(logOf('sigmoid'));
    const { steps } = logOf('sigmoid') as { steps: { learning_rate: number }[] };
    steps.forEach((step, i) => expect(trlLearningRate(config, i, 6)).toBeCloseTo(step.learning_rate, 7));
  });

  test("takes TRL's defaults, and names what it has no use for", () => {
    const config = readTrlConfig({ loss_type: 'hinge', beta: '0.2', seed: 5 });
    expect(config.loss).toMatchObject({ beta: 0.2, losses: [{ type: 'hinge', weight: 1 }] });
    expect(config).toMatchObject({ batchSize: 8, steps: null, ignored: ['seed'] });
  });

  test.each([
    [{ beta: 'much' }, /beta/],
    [{ loss_type: "['sigmoid', 'dpo']" }, /no loss "dpo"/],
    [{ loss_type: "['sigmoid', 'sft']", loss_weights: '[1.0]' }, /2 losses but 1 loss_weights/],
    [{ loss_type: "['exo_pair']" }, /label_smoothing/],
    [{ f_divergence_type: 'forward_kl' }, /f_divergence_type/],
    [{ use_weighting: true }, /use_weighting/],
    [{ ld_alpha: 0.5 }, /ld_alpha/],
    [{ schedule: 'cosine' }, /schedule/],
    [{ order: 'random' }, /order/],
    [{ batch_size: 0 }, /batch_size/],
    [{ adam: '[0.9]' }, /adam/],
    ['sigmoid', /configuration/],
    [null, /configuration/],
  ])('refuses %o', (config, reason) => {
    expect(() => readTrlConfig(config)).toThrow(TrlConfigError);
    expect(() => readTrlConfig(config)).toThrow(reason);
  });
});
