/** The baseline: the same model in stock TensorFlow.js operations, with its own Adam, on one thread. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { openWeights } from '../../src/model/formats/model-weights.ts';
import { generate } from '../../src/model/generate.ts';
import { completionLogprobs } from '../../src/model/logprobs.ts';
import { createLora, loraVariables } from '../../src/model/lora.ts';
import { createModel, trainableWeights, type Model } from '../../src/model/model.ts';
import { startBackend } from '../../src/tensor/backend.ts';
import { dpoBackward } from '../../src/train/dpo.ts';
import { GradientAccumulator } from '../../src/train/gradient-accumulator.ts';
import type { BackendName } from '../../src/tensor/backend-name.ts';
import type { LoraSettings } from '../../src/model/lora-settings.ts';
import type { PairExample } from '../../src/train/pair-example.ts';
import type { Measured } from '../contender.ts';
import { BETA, LEARNING_RATE, type Preference, type Sampling } from './commands.ts';
import { modelFolder, type BenchModel } from './models.ts';

export type StockCommand =
  | { do: 'open'; backend: BackendName; model: BenchModel }
  | ({ do: 'sample' } & Sampling)
  | ({ do: 'prefer' } & Preference);

/** Rows that decode together; multiples keep the shapes few. */
const PLAN = { rows: 64, multiple: 16, forwardTokens: 512 };
/** Tokens of a micro-batch: attention in stock operations takes the square of it. */
const MICRO_BATCH = 512;

let model: Model;
let training: { variables: Variable[]; adam: tf.Optimizer; pairs: PairExample[] } | null = null;

export default async function run(command: StockCommand): Promise<Measured | string> {
  switch (command.do) {
    case 'open':
      return open(command.backend, command.model);
    case 'sample':
      return sample(command);
    case 'prefer':
      training ??= await startTraining(command);
      return step();
  }
}

async function open(backend: BackendName, which: BenchModel): Promise<string> {
  const device = await startBackend(backend, reportFailure, 'stock');
  const { config, weights } = await openWeights(await modelFolder(which));
  model = await createModel(config, weights, true);
  return device;
}

function reportFailure(message: string): void {
  reportError(new Error(message));
}

async function sample({ prompts, samples, newTokens }: Sampling): Promise<Measured> {
  const numbers = Array.from({ length: samples }, (_, i) => i);
  const tasks = prompts.map((prompt, key) => ({ key, prompt: Int32Array.from(prompt), samples: numbers }));
  let tokens = 0;
  const start = performance.now();
  await generate(model, tasks, {
    sampling: { temperature: 1, topP: 1, maxTokens: newTokens, seed: 1, round: 0 },
    ...PLAN,
    onRow: ({ ids }) => (tokens += ids.length),
    pause: async () => undefined,
  });
  return { tokens, seconds: (performance.now() - start) / 1000 };
}

async function startTraining({ pairs: given, lora }: Preference) {
  const pairs = await withReference(given);
  return { variables: trained(lora), adam: tf.train.adam(LEARNING_RATE), pairs };
}

function trained(lora: LoraSettings | null): Variable[] {
  if (!lora) return [...trainableWeights(model).values()];
  model.lora = createLora(model.config, lora, 1);
  return [...loraVariables(model.lora).values()];
}

async function withReference(given: Preference['pairs']): Promise<PairExample[]> {
  const groups = given.map(({ prompt, chosen, rejected }) => ({
    prompt: Int32Array.from(prompt),
    completions: [Int32Array.from(chosen), Int32Array.from(rejected)],
  }));
  const rows = await completionLogprobs(model, groups, MICRO_BATCH);
  const sums = rows.map((row) => row.reduce((a, b) => a + b, 0));
  return groups.map(({ prompt, completions: [chosen, rejected] }, i) => ({
    prompt,
    chosen: chosen!,
    rejected: rejected!,
    referenceChosen: sums[2 * i]!,
    referenceRejected: sums[2 * i + 1]!,
  }));
}

/** One DPO step: the app's own loss over the pairs, the prompt's pass shared, and TensorFlow.js's Adam. */
async function step(): Promise<Measured> {
  const { variables, adam, pairs } = training!;
  const start = performance.now();
  const accumulator = new GradientAccumulator(variables);
  const count = (side: (pair: PairExample) => Int32Array) =>
    pairs.reduce((sum, pair) => sum + side(pair).length, 0);
  const chosenTokens = count((pair) => pair.chosen);
  await dpoBackward({
    model,
    pairs,
    settings: { beta: BETA, losses: [{ type: 'sigmoid', weight: 1 }] },
    batch: { pairs: pairs.length, chosenTokens, positions: pairs.map((_, i) => i) },
    tokens: MICRO_BATCH,
    allReduce: null,
    onPair: () => undefined,
  })(accumulator);
  const gradients: Record<string, Tensor> = {};
  accumulator.sums.forEach((sum, i) => (gradients[variables[i]!.name] = sum));
  adam.applyGradients(gradients);
  await variables[0]!.data(); // the GPU's queue has run to its end
  accumulator.dispose();
  const tokens = 2 * count((pair) => pair.prompt) + chosenTokens + count((pair) => pair.rejected);
  return { tokens, seconds: (performance.now() - start) / 1000 };
}
