/** Our engine in a page, opened as the app opens it. */
import { openEngine } from '../../workers/pool.ts';
import type { BackendName } from '../../src/tensor/backend-name.ts';
import type { LoraSettings } from '../../src/model/lora-settings.ts';
import type { PairExample } from '../../src/train/pair-example.ts';
import type { SupervisedExample } from '../../src/train/supervised-example.ts';
import type { Engine } from '../../workers/protocol.ts';
import type { Measured } from '../contender.ts';
import { BETA, LEARNING_RATE, type Preference, type Sampling } from './commands.ts';
import { modelFolder, type BenchModel } from './models.ts';

export type EngineCommand =
  | { do: 'open'; backend: BackendName; model: BenchModel; workers?: number }
  | ({ do: 'sample' } & Sampling)
  | { do: 'prefill'; prompts: number[][] }
  | { do: 'decode'; sampling: Sampling }
  | ({ do: 'prefer' } & Preference)
  | { do: 'supervise'; sequences: number[][]; lora: LoraSettings };

let engine: Engine;
let training: string | null = null;
let pairs: PairExample[] = [];

export default async function run(command: EngineCommand): Promise<Measured | string> {
  switch (command.do) {
    case 'open':
      return open(command);
    case 'sample':
      return sample(command);
    case 'prefill':
      return prefill(command.prompts);
    case 'decode':
      return decode(command.sampling);
    case 'prefer':
      return prefer(command);
    case 'supervise':
      return supervise(command.sequences, command.lora);
  }
}

/** @returns what the engine runs on */
async function open({ backend, model, workers }: Extract<EngineCommand, { do: 'open' }>): Promise<string> {
  const files = await modelFolder(model);
  engine = await openEngine({
    backend,
    model: { name: 'bench', files },
    ...(workers === undefined ? {} : { workers }),
  });
  const { device } = engine;
  return `${device.device}, ${device.workers} ${device.workers === 1 ? 'worker' : 'workers'}`;
}

async function sample({ prompts, samples, newTokens }: Sampling): Promise<Measured> {
  const numbers = Array.from({ length: samples }, (_, i) => i);
  const tasks = prompts.map((prompt, key) => ({ key, prompt: Int32Array.from(prompt), samples: numbers }));
  const drawing = { temperature: 1, topP: 1, maxTokens: newTokens, seed: 1, round: 0 };
  const { tokens, seconds } = await engine.generate(tasks, drawing, () => undefined);
  return { tokens, seconds };
}

/** Reads prompts up to the distribution of the next token. */
async function prefill(prompts: number[][]): Promise<Measured> {
  const start = performance.now();
  await engine.nextTokenLogprobs(
    prompts.map((ids) => Int32Array.from(ids)),
    [0],
  );
  return { tokens: prompts.flat().length, seconds: (performance.now() - start) / 1000 };
}

/** All tokens but the first of each row, which comes with the prompt: the time of both less the time of the first. */
async function decode(sampling: Sampling): Promise<Measured> {
  const first = await sample({ ...sampling, newTokens: 1 });
  const all = await sample(sampling);
  return { tokens: all.tokens - first.tokens, seconds: all.seconds - first.seconds };
}

async function prefer({ pairs: given, lora }: Preference): Promise<Measured> {
  await startTraining(`prefer ${JSON.stringify(lora)}`, lora, async () => {
    pairs = await withReference(given);
  });
  const { tokens, seconds } = await engine.dpoStep(
    pairs,
    { beta: BETA, losses: [{ type: 'sigmoid', weight: 1 }] },
    LEARNING_RATE,
  );
  return { tokens, seconds };
}

async function supervise(sequences: number[][], lora: LoraSettings): Promise<Measured> {
  await startTraining('supervise', lora, async () => undefined);
  const examples = sequences.map((ids): SupervisedExample => ({
    ids: Int32Array.from(ids),
    weights: new Float32Array(ids.length).fill(1),
  }));
  const { tokens, seconds } = await engine.supervisedStep(examples, LEARNING_RATE);
  return { tokens, seconds };
}

/** Once; steps of the same kind go on with the same optimizer. */
async function startTraining(
  kind: string,
  lora: LoraSettings | null,
  before: () => Promise<void>,
): Promise<void> {
  if (training === kind) return;
  if (training) await engine.finishTraining();
  await engine.usePolicy({ kind: 'seed' });
  await before();
  await engine.startTraining({
    lora,
    optimizer: {
      learningRate: LEARNING_RATE,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      maxGradNorm: 1,
    },
    seed: 1,
  });
  training = kind;
}

async function withReference(given: Preference['pairs']): Promise<PairExample[]> {
  const sequences = given.flatMap(({ prompt, chosen, rejected }) =>
    [chosen, rejected].map((completion) => ({
      prompt: Int32Array.from(prompt),
      completion: Int32Array.from(completion),
    })),
  );
  const sums = (await engine.sequenceLogprobs(sequences)).map((row) => row.reduce((a, b) => a + b, 0));
  return given.map((_, i) => ({
    prompt: sequences[2 * i]!.prompt,
    chosen: sequences[2 * i]!.completion,
    rejected: sequences[2 * i + 1]!.completion,
    referenceChosen: sums[2 * i]!,
    referenceRejected: sums[2 * i + 1]!,
  }));
}
