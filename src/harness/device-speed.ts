import type { DpoLossSettings } from '../train/loss-settings.ts';
import type { GenerateTask } from '../model/generate-task.ts';
import type { PairExample } from '../train/pair-example.ts';
import type { TrainingSettings } from '../train/training-settings.ts';
import type { Engine } from '../../workers/protocol.ts';
import type { Sampling } from '../model/sampling.ts';
import type { Item } from '../judge/item.ts';
import type { PointProtocol } from '../judge/protocol.ts';
import { promptIds, type TextTokenizer } from '../judge/tokenizer.ts';
import { noiseKey } from './sampling-plan.ts';

/** What this device does with this judge, and how long its texts are. */
export interface DeviceSpeed {
  /** Seconds per token of a prompt (read once for all its samples). */
  promptToken: number;
  /** Seconds per generated token, all rows together. */
  generatedToken: number;
  /** Seconds per token of a training step, counted as `DpoStepMetrics.tokens`. */
  trainedToken: number;
  /** Seconds per optimisation step, whatever its size. */
  trainingStep: number;
  /** Mean lengths of the measured items. */
  promptLength: number;
  judgmentLength: number;
}

/** The work whose speed is asked for. */
export interface MeasuredWork {
  sampling: Omit<Sampling, 'round'>;
  /** Rows drawn of each prompt. */
  samples: number;
  training: TrainingSettings;
  loss: DpoLossSettings;
}

type Device = { engine: Engine; tokenizer: TextTokenizer; protocol: PointProtocol };

/** Enough rows to fill the engine's batches, as in a run. */
const ROWS = 128;
const SHORT = 2;
const LONG = 14;

/**
 * A measurement of about two seconds on real items: two short generations and four training steps. Each pair
 * of sizes gives two equations for two unknowns (per prompt token and per generated token; per trained token and per
 * step). Leaves the engine at the seed judge; nothing is learnt, since the learning rate is 0.
 */
export async function measureSpeed(
  device: Device,
  items: readonly Item[],
  work: MeasuredWork,
): Promise<DeviceSpeed> {
  const { engine, tokenizer, protocol } = device;
  await engine.usePolicy({ kind: 'seed' });
  const sample = items.slice(0, Math.ceil(ROWS / work.samples));
  const prompts = sample.map((item) => promptIds(tokenizer, protocol, item));
  const judgmentLength = expectedLength(device, sample, work.sampling.maxTokens);
  const numbers = Array.from({ length: work.samples }, (_, i) => i);
  const tasks = sample.map((item, i) => ({ key: noiseKey(item.id), prompt: prompts[i]!, samples: numbers }));
  const generation = await measureGeneration(engine, tasks, work);
  const training = await measureTraining(engine, prompts, judgmentLength, work);
  const promptLength = mean(prompts.map((prompt) => prompt.length));
  return { ...generation, ...training, promptLength, judgmentLength };
}

async function measureGeneration(engine: Engine, tasks: GenerateTask[], work: MeasuredWork) {
  const generate = async (given: GenerateTask[], maxTokens: number) => {
    const report = await engine.generate(given, { ...work.sampling, maxTokens, round: 0 }, () => {});
    return { seconds: report.seconds, prompt: report.promptTokens, generated: report.tokens };
  };
  // The first call compiles and allocates; it is not part of the speed.
  await generate(tasks.slice(0, 2), SHORT);
  const short = await generate(tasks, SHORT);
  const long = await generate(tasks, LONG);
  const generatedToken =
    Math.max(0, long.seconds - short.seconds) / Math.max(1, long.generated - short.generated);
  const promptToken = Math.max(0, short.seconds - generatedToken * short.generated) / short.prompt;
  return { promptToken, generatedToken };
}

/** Pairs in the larger step: 8 left the micro-batches half empty and made training look a third dearer than it is. */
const LARGE = 16;

async function measureTraining(engine: Engine, prompts: Int32Array[], length: number, work: MeasuredWork) {
  const pairs = prompts.slice(0, LARGE).map((prompt) => pairOfLength(prompt, length));
  await engine.startTraining(work.training);
  try {
    const step = async (count: number) => {
      const { tokens, seconds } = await engine.dpoStep(pairs.slice(0, count), work.loss, 0);
      return { tokens, seconds };
    };
    // The first step of each size compiles and allocates, and any may be disturbed: the faster of two counts.
    const faster = async (count: number) => {
      const [first, second] = [await step(count), await step(count)];
      return first.seconds < second.seconds ? first : second;
    };
    const small = await faster(2);
    const large = await faster(LARGE);
    const more = Math.max(1, large.tokens - small.tokens);
    const trainedToken = Math.max((large.seconds - small.seconds) / more, large.seconds / large.tokens / 4);
    return { trainedToken, trainingStep: Math.max(0, small.seconds - trainedToken * small.tokens) };
  } finally {
    await engine.finishTraining();
    await engine.usePolicy({ kind: 'seed' });
  }
}

/** Time does not depend on which tokens they are, so any will do. */
function pairOfLength(prompt: Int32Array, length: number): PairExample {
  const completion = () => Int32Array.from({ length }, (_, i) => prompt[i % prompt.length]!);
  return { prompt, chosen: completion(), rejected: completion(), referenceChosen: 0, referenceRejected: 0 };
}

/** Mean length of the true judgments where they are known; else half of what is allowed. */
function expectedLength({ tokenizer, protocol }: Device, items: readonly Item[], maxTokens: number): number {
  const known = items.flatMap(({ rationale, score }) =>
    rationale === undefined || score === undefined
      ? []
      : [tokenizer.encode(protocol.target(rationale, score)).length + 1],
  );
  const expected = known.length > 0 ? mean(known) : maxTokens / 2;
  return Math.max(1, Math.min(maxTokens, Math.round(expected)));
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
