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
/** Pairs in the larger step: 8 left the micro-batches half empty and made training look a third dearer than it is. */
const LARGE = 16;
/** Pairs in the smaller step, as a share of the larger one. */
const SMALL_SHARE = 1 / 8;
/** Fewer pairs than this cannot tell what a step costs from what its tokens cost. */
const LEAST_PAIRS = 4;

/** Seconds for each of the two halves of a measurement; a judge for which they are too short is measured on less. */
const HALF = 4;
/** Tokens of the probe that says how slow a judge is. */
const PROBE = 16;
/** What a token costs in training, in forward passes over it: forward, backward, and most of forward once more. */
const TRAINING_PASSES = 4;

/**
 * A measurement of about two seconds on real items: two short generations and four training steps. Each pair
 * of sizes gives two equations for two unknowns (per prompt token and per generated token; per trained token and per
 * step). A large judge is measured on as much as ten seconds allow, and what its training takes is estimated where not
 * even that can be tried. Leaves the engine at the seed judge; nothing is learnt, since the learning rate is 0.
 * @throws the signal's reason, within one step of training
 */
export async function measureSpeed(
  device: Device,
  items: readonly Item[],
  work: MeasuredWork,
  signal?: AbortSignal,
): Promise<DeviceSpeed> {
  const { engine, tokenizer, protocol } = device;
  await engine.usePolicy({ kind: 'seed' });
  const sample = items.slice(0, Math.ceil(ROWS / work.samples));
  const prompts = sample.map((item) => promptIds(tokenizer, protocol, item));
  const judgmentLength = expectedLength(device, sample, work.sampling.maxTokens);
  const numbers = Array.from({ length: work.samples }, (_, i) => i);
  const tasks = sample.map((item, i) => ({ key: noiseKey(item.id), prompt: prompts[i]!, samples: numbers }));
  const generation = await measureGeneration(engine, tasks, work, signal);
  const pairs = prompts.slice(0, LARGE).map((prompt) => pairOfLength(prompt, judgmentLength));
  const training = await measureTraining(engine, pairs, generation.promptToken, work, signal);
  const promptLength = mean(prompts.map((prompt) => prompt.length));
  return { ...generation, ...training, promptLength, judgmentLength };
}

async function measureGeneration(
  engine: Engine,
  tasks: GenerateTask[],
  work: MeasuredWork,
  signal?: AbortSignal,
) {
  const generate = async (given: GenerateTask[], maxTokens: number) => {
    const sampling = { ...work.sampling, maxTokens, round: 0 };
    const report = await engine.generate(given, sampling, () => {}, signal && { signal });
    return { seconds: report.seconds, prompt: report.promptTokens, generated: report.tokens };
  };
  // The first call compiles and allocates; it is not part of the speed.
  const probe = tasks.slice(0, 1).map((task) => cut(task, PROBE, 1));
  await generate(probe, 1);
  const { seconds } = await generate(probe, 1);
  const affordable = affordableTasks(tasks, HALF / (seconds / (PROBE + 1)));
  // Nor is the first call of the size that is measured, where there is time for it.
  if (affordable.length === tasks.length) await generate(tasks.slice(0, 2), SHORT);
  const short = await generate(affordable, SHORT);
  const long = await generate(affordable, LONG);
  const generatedToken =
    Math.max(0, long.seconds - short.seconds) / Math.max(1, long.generated - short.generated);
  const promptToken = Math.max(0, short.seconds - generatedToken * short.generated) / short.prompt;
  return { promptToken, generatedToken };
}

/** As many of the tasks as may be generated twice for this many tokens; of one that is too long its beginning. */
function affordableTasks(tasks: GenerateTask[], tokens: number): GenerateTask[] {
  const cost = ({ prompt, samples }: GenerateTask) => 2 * prompt.length + samples.length * (SHORT + LONG);
  let left = tokens;
  const affordable = tasks.filter((task) => (left -= cost(task)) >= 0);
  return affordable.length > 0 ? affordable : tasks.slice(0, 1).map((task) => cut(task, PROBE, 1));
}

function cut({ key, prompt, samples }: GenerateTask, length: number, rows: number): GenerateTask {
  return { key, prompt: prompt.subarray(0, length), samples: samples.slice(0, rows) };
}

async function measureTraining(
  engine: Engine,
  pairs: PairExample[],
  promptToken: number,
  work: MeasuredWork,
  signal?: AbortSignal,
) {
  const estimate = { trainedToken: TRAINING_PASSES * promptToken, trainingStep: 0 };
  const tokens = mean(pairs.map(({ prompt, chosen, rejected }) => prompt.length + chosen.length + rejected.length)); // prettier-ignore
  const affordable = HALF / (estimate.trainedToken * tokens * 2 * (1 + SMALL_SHARE));
  const most = Math.min(pairs.length, Math.floor(affordable));
  if (most < Math.min(LEAST_PAIRS, pairs.length)) return estimate;
  await engine.startTraining(work.training);
  try {
    const step = async (count: number) => {
      signal?.throwIfAborted();
      const { tokens, seconds } = await engine.dpoStep(pairs.slice(0, count), work.loss, 0);
      return { tokens, seconds };
    };
    // The first step of each size compiles and allocates, and any may be disturbed: the faster of two counts.
    const faster = async (count: number) => {
      const [first, second] = [await step(count), await step(count)];
      return first.seconds < second.seconds ? first : second;
    };
    const small = await faster(Math.max(1, Math.round(most * SMALL_SHARE)));
    const large = await faster(most);
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
