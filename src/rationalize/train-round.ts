import type { OptimizerSettings } from '../train/optimizer-settings.ts';
import type { PairExample } from '../train/pair-example.ts';
import type { TrainingSettings } from '../train/training-settings.ts';
import type { Engine } from '../../workers/protocol.ts';
import type { MeasuredWork } from '../harness/device-speed.ts';
import type { Item } from '../judge/item.ts';
import { dpoWithSft, type DpoLossSettings } from '../train/loss-settings.ts';
import { batches } from '../harness/batches.ts';
import { Meter } from '../harness/meter.ts';
import { trainingBytes } from './cost.ts';
import { workNow } from '../harness/work-clock.ts';
import { decidedPairs } from './pairs.ts';
import type { Pair } from './pair.ts';
import type { Round, TrainingState } from './records.ts';
import { pairExamples } from '../harness/references.ts';
import { learningRateAt } from '../train/schedule.ts';
import { selfTest } from './self-test.ts';
import type { RunSettings } from './settings.ts';
import type { SnapshotSeries } from './snapshots.ts';
import type { RunBench } from './events.ts';

/** Thrown when there is nothing to train on. */
export class NoPairsError extends Error {
  override name = 'NoPairsError';
  constructor(round: number) {
    super(
      `Round ${round} has no preference pairs to train on. Sample more items or more judgments per item, use a ` +
        'smaller margin, or take back some of the dropped pairs.',
    );
  }
}

/** Thrown when the loss is no number any more: going on would only store broken weights. */
export class DivergedError extends Error {
  override name = 'DivergedError';
  constructor(step: number) {
    super(
      `Training diverged at step ${step}: its loss is not a number. Lower the learning rate, or warm up longer; ` +
        'the judge from before this round is untouched.',
    );
  }
}

/** What an end without warning may cost at most, in seconds; where a step takes longer, that step. */
const CHECKPOINT_SECONDS = 25;

/** What training a round needs beside the round itself. */
export interface TrainingRequest {
  settings: RunSettings;
  round: Round;
  /** Hash of the policy that log-ratios are taken against. */
  reference: string;
  items: ReadonlyMap<string, Item>;
  snapshots: SnapshotSeries;
}

/**
 * Trains the round's policy by DPO on its decided pairs, from the last checkpoint where there is one, and stores
 * the new policy. Returns the round with its policy out and what it cost.
 */
export async function trainRound(bench: RunBench, request: TrainingRequest): Promise<Round> {
  const { settings, round } = request;
  const state = await bench.store.trainingState(round.runId, round.number);
  const pairs = state?.pairs ?? (await pairsToTrainOn(bench, round));
  if (pairs.length === 0) throw new NoPairsError(round.number);
  const plan = batches(pairs, settings, round.number);
  const place = { round: round.number, stage: 'train' as const };
  bench.control.report(new Meter(place, plan.length, state?.step ?? 0).progress());
  const preparing = new Meter(place, 0, 0);
  const examples = await pairExamples(bench, pairs, request.items, request.reference, preparing);
  const exampleOf = new Map(pairs.map((pair, i) => [pair, examples[i]!]));
  const seconds = round.train.seconds + preparing.seconds;
  const prepared = { ...round, pairs: pairs.length, steps: plan.length, train: { ...round.train, seconds } };
  return new TrainingSession(bench, {
    ...request,
    round: prepared,
    pairs,
    plan: plan.map((batch) => batch.map((pair) => exampleOf.get(pair)!)),
  }).run(state);
}

async function pairsToTrainOn({ store }: RunBench, { runId, number }: Round): Promise<Pair[]> {
  return decidedPairs(await store.pairs(runId, number), await store.decisions(runId, number));
}

interface PreparedTraining extends TrainingRequest {
  pairs: Pair[];
  plan: PairExample[][];
}

/** One session of training: from the beginning or a checkpoint, to the end, or to where it is interrupted. */
class TrainingSession {
  #round: Round;
  #step = 0;
  #savedAt = performance.now();
  /** Seconds that the last step took. */
  #stepSeconds = 0;
  #meter: Meter;

  constructor(
    private readonly bench: RunBench,
    private readonly request: PreparedTraining,
  ) {
    this.#round = request.round;
    this.#meter = this.#newMeter();
  }

  async run(state: TrainingState | undefined): Promise<Round> {
    const { engine, policy } = this.bench;
    const { settings, round, plan, snapshots } = this.request;
    this.#step = state?.step ?? 0;
    this.#meter = this.#newMeter();
    // Better asked for before the work than after it.
    await this.bench.store.reserve(trainingBytes(settings, engine.model));
    await this.#forgetLaterSteps();
    await policy.use(round.policyIn);
    policy.became(null);
    await engine.startTraining(trainingSettings(settings), state?.checkpoint);
    let finished = false;
    try {
      if (this.#step === 0) await this.#snapshot();
      while (this.#step < plan.length) await this.#next();
      if (snapshots.fitsAtEnd(this.#round.stepSeconds)) await this.#snapshot();
      finished = true;
    } finally {
      // An interrupted trainer holds optimizer state in the engine; its progress lies in the checkpoint.
      if (!finished) await release(engine);
    }
    return this.#finish();
  }

  #newMeter(): Meter {
    return new Meter({ round: this.#round.number, stage: 'train' }, this.request.plan.length, this.#step);
  }

  /** What an interrupted session did after its last checkpoint is done again, with snapshots at other steps. */
  async #forgetLaterSteps(): Promise<void> {
    const { runId, number } = this.#round;
    // The state before the first step has a snapshot of its own, which is taken again.
    await this.bench.store.forgetStepsAfter(runId, number, this.#step === 0 ? -1 : this.#step);
    this.bench.emit({ type: 'training', round: number, from: this.#step });
  }

  async #next(): Promise<void> {
    const { control } = this.bench;
    await control.ready(() => this.#save());
    await this.#takeStep();
    if (this.request.snapshots.isDue(this.#round.stepSeconds)) await this.#snapshot();
    // Another step like the last one must not carry it over.
    if ((performance.now() - this.#savedAt) / 1000 + this.#stepSeconds > CHECKPOINT_SECONDS)
      await this.#save();
  }

  async #takeStep(): Promise<void> {
    const { bench, request } = this;
    const { plan } = request;
    const learningRate = learningRateAt(request.settings, this.#step, plan.length);
    this.#meter.start();
    const started = workNow();
    const { pairs: _, ...metrics } = await bench.engine.dpoStep(
      plan[this.#step]!,
      lossSettings(request.settings),
      learningRate,
    );
    const seconds = (workNow() - started) / 1000;
    this.#stepSeconds = seconds;
    this.#meter.stop();
    if (!Number.isFinite(metrics.loss)) throw new DivergedError(this.#step + 1);
    if (this.#step === 0) this.#test({ ...metrics, pairs: [] });
    this.#step += 1;
    this.#meter.add(1, metrics.tokens);
    this.#spend(seconds, metrics.tokens);
    this.#round = { ...this.#round, stepSeconds: this.#round.stepSeconds + seconds };
    const record = { step: this.#step, metrics };
    await bench.store.putStep(this.#round.runId, this.#round.number, record);
    bench.emit({ type: 'step', round: this.#round.number, steps: plan.length, record });
    bench.control.report(this.#meter.progress());
  }

  #test(first: Parameters<typeof selfTest>[0]): void {
    const result = selfTest(first, this.request.reference === this.#round.policyIn);
    this.#round = { ...this.#round, selfTest: result };
    this.bench.emit({ type: 'self-test', round: this.#round.number, selfTest: result });
  }

  async #snapshot(): Promise<void> {
    const { runId, number } = this.#round;
    const { snapshots } = this.request;
    const before = snapshots.seconds;
    const snapshot = await snapshots.take(this.#step);
    await this.bench.store.putSnapshot(runId, number, snapshot);
    this.#spend(snapshots.seconds - before, 0);
    this.#round = { ...this.#round, snapshotSeconds: snapshots.seconds };
    this.bench.emit({ type: 'snapshot', round: number, snapshot });
  }

  async #save(): Promise<void> {
    const started = performance.now();
    const { engine, store } = this.bench;
    const checkpoint = await engine.checkpointTraining();
    this.#spend((performance.now() - started) / 1000, 0);
    await store.putCheckpoint(this.#round, { step: this.#step, checkpoint, pairs: this.request.pairs });
    this.#savedAt = performance.now();
  }

  async #finish(): Promise<Round> {
    const { engine, store } = this.bench;
    const trained = await engine.finishTraining();
    if (trained.kind === 'seed') throw new Error('Training ended with the seed judge itself.');
    this.bench.policy.became(trained.hash);
    this.#round = { ...this.#round, policyOut: trained.hash };
    await store.putTrained(this.#round, trained);
    return this.#round;
  }

  #spend(seconds: number, tokens: number): void {
    const { train } = this.#round;
    this.#round = {
      ...this.#round,
      train: { seconds: train.seconds + seconds, tokens: train.tokens + tokens },
    };
  }
}

async function release(engine: Engine): Promise<void> {
  try {
    await engine.finishTraining();
  } catch {
    // The engine itself broke; the error that got us here says so.
  }
}

export function lossSettings({ beta, sftWeight }: RunSettings): DpoLossSettings {
  return dpoWithSft(beta, sftWeight);
}

/** AdamW as in the measured runs: (0.9, 0.95), no weight decay. */
export function trainingSettings(settings: RunSettings): TrainingSettings {
  const optimizer: OptimizerSettings = {
    learningRate: settings.learningRate,
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0,
    maxGradNorm: settings.maxGradNorm,
  };
  const { loraRank, loraAlpha } = settings;
  return {
    lora: loraRank === 0 ? null : { rank: loraRank, alpha: loraAlpha },
    optimizer,
    seed: settings.seed,
  };
}

/** A run's work, for measuring what a device does with it. */
export function measuredWork(settings: RunSettings): MeasuredWork {
  const { samples, temperature, topP, topK, maxTokens, seed } = settings;
  return {
    samples,
    sampling: { temperature, topP, topK, maxTokens, seed },
    training: trainingSettings(settings),
    loss: lossSettings(settings),
  };
}
