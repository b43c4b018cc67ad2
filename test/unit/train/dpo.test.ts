import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { parseModelConfig } from '../../../src/model/config.ts';
import { arraysSource } from '../../../src/model/formats/arrays-source.ts';
import { initialWeights } from '../../../src/model/initialise.ts';
import { createLora, disposeLora, loraVariables } from '../../../src/model/lora.ts';
import { createModel, type Model } from '../../../src/model/model.ts';
import { dpoBackward, type PairOutcome } from '../../../src/train/dpo.ts';
import { GradientAccumulator } from '../../../src/train/gradient-accumulator.ts';
import { LOSS_TYPES, type DpoLossSettings } from '../../../src/train/loss-settings.ts';
import type { AllReduce } from '../../../src/train/trainer.ts';
import type { PairExample } from '../../../src/train/pair-example.ts';

const CONFIG = parseModelConfig({
  model_type: 'llama',
  vocab_size: 24,
  hidden_size: 16,
  intermediate_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 1,
  max_position_embeddings: 32,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: true,
});

/** Enough tokens for the whole batch, or just for one pair. */
const WHOLE = 1000;
const ONE_PAIR = 1;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const opened: Model[] = [];
afterEach(() => {
  for (const model of opened.splice(0)) {
    if (model.lora) disposeLora(model.lora);
    model.dispose();
  }
});

/** A small model with large random weights and an adapter that is no longer zero, the same for every worker. */
async function openModel(): Promise<Model> {
  const arrays = initialWeights(CONFIG, 1);
  for (const array of arrays.values()) if (array.shape.length > 1) array.data = array.data.map((x) => 12 * x);
  const model = await createModel(CONFIG, arraysSource(arrays));
  model.lora = createLora(CONFIG, { rank: 2, alpha: 4 }, 1);
  for (const { b } of model.lora.factors.values()) b.assign(tf.randomNormal(b.shape, 0, 0.5, 'float32', 3));
  opened.push(model);
  return model;
}

const ids = (length: number, seed: number) => Int32Array.from({ length }, (_, i) => (seed * 7 + i * 5) % 24);

const PAIRS: PairExample[] = [5, 3, 6, 4, 2].map((length, i) => ({
  prompt: ids(4 + i, i),
  chosen: ids(length, i + 10),
  rejected: ids(7 - length + i, i + 20),
  referenceChosen: -4 * length + i,
  referenceRejected: -3 * (7 - length + i) - 2 * i,
}));

/** Sums over `workers` callers, as the message channels between real workers do. */
function allReduceOf(workers: number): AllReduce {
  let waiting: { part: Float32Array; resolve: (sum: Float32Array) => void }[] = [];
  return (part) =>
    new Promise((resolve) => {
      waiting.push({ part, resolve });
      if (waiting.length < workers) return;
      const all = waiting;
      waiting = [];
      const sum = part.map((_, i) => all.reduce((total, one) => total + one.part[i]!, 0));
      for (const one of all) one.resolve(sum);
    });
}

/** The flat gradient of the batch and what was seen of each pair, with the pairs divided over workers. */
async function gradient(settings: DpoLossSettings, shares: number[][], tokens: number) {
  const allReduce = shares.length > 1 ? allReduceOf(shares.length) : null;
  const chosenTokens = PAIRS.reduce((sum, { chosen }) => sum + chosen.length, 0);
  const seen: PairOutcome[] = [];
  const parts = await Promise.all(
    shares.map(async (positions) => {
      const model = await openModel();
      const outcomes: PairOutcome[] = [];
      const accumulator = new GradientAccumulator([...loraVariables(model.lora!).values()]);
      const pairs = positions.map((at) => PAIRS[at]!);
      const batch = { pairs: PAIRS.length, chosenTokens, positions };
      const onPair = (outcome: PairOutcome) => outcomes.push(outcome);
      await dpoBackward({ model, pairs, settings, batch, tokens, allReduce, onPair })(accumulator);
      positions.forEach((at, i) => (seen[at] = outcomes[i]!));
      const flat = (await Promise.all(accumulator.sums.map((sum) => sum.data()))).flatMap((sum) => [...sum]);
      accumulator.dispose();
      return flat;
    }),
  );
  return { sum: parts[0]!.map((_, i) => parts.reduce((total, part) => total + part[i]!, 0)), seen };
}

function expectClose(found: number[], expected: number[]): void {
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest).toBeGreaterThan(1e-4);
  found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4 * largest));
}

/** Micro-batches of one pair; two workers with such; a worker without a pair. */
const DIVISIONS = [
  { shares: [[0, 1, 2, 3, 4]], tokens: ONE_PAIR },
  { shares: [[0, 3], [1, 2, 4]], tokens: ONE_PAIR }, // prettier-ignore
  { shares: [[0, 1, 2, 3, 4], []], tokens: WHOLE },
];

test.each(LOSS_TYPES)('%s: however the batch is divided, loss and gradient are the same', async (type) => {
  const losses = [{ type, weight: 0.7 }, { type: 'sft' as const, weight: 0.2 }]; // prettier-ignore
  const settings = { beta: 0.2, losses, labelSmoothing: 0.1 };
  const whole = await gradient(settings, [[0, 1, 2, 3, 4]], WHOLE);
  for (const { shares, tokens } of DIVISIONS) {
    const divided = await gradient(settings, shares, tokens);
    expectClose(divided.sum, whole.sum);
    divided.seen.forEach((outcome, i) => {
      for (const [name, value] of Object.entries(whole.seen[i]!))
        expect(outcome[name as keyof PairOutcome], name).toBeCloseTo(value, 4);
    });
  }
});

test.each(['aot', 'aot_unpaired'] as const)(
  '%s: two passes give the slope of the loss along the parameters',
  async (type) => {
    const settings = { beta: 0.2, losses: [{ type, weight: 1 }], labelSmoothing: 0.1 };
    const all = PAIRS.map((_, i) => i);
    const { sum } = await gradient(settings, [all], WHOLE);
    const model = await openModel();
    const variables = [...loraVariables(model.lora!).values()];
    const batch = { pairs: PAIRS.length, chosenTokens: 20, positions: all };
    const lossAt = async (by: number) => {
      let at = 0;
      for (const variable of variables) {
        const direction = tf.tensor(sum.slice(at, (at += variable.size)), variable.shape);
        variable.assign(tf.add(variable, tf.mul(direction, by)));
      }
      let loss = 0;
      const accumulator = new GradientAccumulator(variables);
      const onPair = ({ dpo }: PairOutcome) => (loss += dpo / PAIRS.length);
      await dpoBackward({ model, pairs: PAIRS, settings, batch, tokens: WHOLE, allReduce: null, onPair })(
        accumulator,
      );
      accumulator.dispose();
      return loss;
    };
    const squared = sum.reduce((total, x) => total + x * x, 0);
    const step = 2e-3 / Math.sqrt(squared);
    const above = await lossAt(step);
    const below = await lossAt(-2 * step);
    expect((above - below) / (2 * step) / squared).toBeCloseTo(1, 1);
  },
);

test.each(['sigmoid', 'aot'] as const)('%s: a step leaves no tensor behind', async (type) => {
  const model = await openModel();
  const step = async () => {
    const accumulator = new GradientAccumulator([...loraVariables(model.lora!).values()]);
    const batch = { pairs: PAIRS.length, chosenTokens: 20, positions: PAIRS.map((_, i) => i) };
    const settings = { beta: 0.2, losses: [{ type, weight: 1 }] };
    const task = {
      model,
      pairs: PAIRS,
      settings,
      batch,
      tokens: ONE_PAIR,
      allReduce: null,
      onPair: () => undefined,
    };
    await dpoBackward(task)(accumulator);
    accumulator.dispose();
  };
  await step(); // makes the model's rotary table
  const before = tf.memory().numTensors;
  await step();
  expect(tf.memory().numTensors).toBe(before);
});
