import type { Item } from '../../../judge/item.ts';
import type { Pair } from '../../../rationalize/pair.ts';
import type { Round, Run } from '../../../rationalize/records.ts';
import { pairExamples } from '../../../harness/references.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import { lossSettings, trainingSettings } from '../../../rationalize/train-round.ts';
import type { Workbench } from '../../../harness/workbench.ts';
import type { PairExample } from '../../../train/pair-example.ts';
import type { TrainingCheckpoint } from '../../../train/training-checkpoint.ts';
import type { PairLogprobs } from './pair-terms.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { explainFailure, type Failure } from '../engine/failure.ts';
import { quietWorkbench } from '../../../harness/workbench.ts';

/** Which pair of which round of which run is stepped on. */
export interface StepSubject {
  run: Run;
  round: Round;
  pair: Pair;
  items: ReadonlyMap<string, Item>;
}

/**
 * One optimisation step on one pair, to be seen through a magnifying glass: its numbers before the step and after.
 * Nothing of it is stored; the round's own training is not touched.
 */
export class OneStep {
  busy = $state(false);
  /** How many steps were taken on this pair. */
  steps = $state(0);
  before = $state.raw<PairLogprobs | null>(null);
  after = $state.raw<PairLogprobs | null>(null);
  gradNorm = $state<number | null>(null);
  failure = $state.raw<Failure | null>(null);
  #checkpoint: TrainingCheckpoint | undefined;

  /** Starts over: the judge as it was when the round began. */
  reset(): void {
    this.steps = 0;
    this.before = null;
    this.after = null;
    this.gradNorm = null;
    this.failure = null;
    this.#checkpoint = undefined;
  }

  async take(store: RunStore, subject: StepSubject): Promise<void> {
    this.busy = true;
    this.failure = null;
    try {
      const { judge, release } = await judgeEngine.hold('One DPO step');
      try {
        await this.#take(quietWorkbench(judge, store), subject);
      } finally {
        release();
      }
    } catch (error) {
      this.failure = explainFailure(error);
    } finally {
      this.busy = false;
    }
  }

  async #take(bench: Workbench, { run, round, pair, items }: StepSubject): Promise<void> {
    const { engine } = bench;
    const { settings } = run;
    const reference = settings.reference === 'seed' ? run.seedPolicy : round.policyIn;
    const [example] = await pairExamples(bench, [pair], items, reference);
    await bench.policy.use(round.policyIn);
    await engine.startTraining(trainingSettings(settings), this.#checkpoint);
    try {
      const metrics = await engine.dpoStep([example!], lossSettings(settings), settings.learningRate);
      const { chosen, rejected } = metrics.pairs[0]!;
      this.before = withReference(example!, chosen, rejected);
      this.gradNorm = metrics.grad_norm;
      this.#checkpoint = await engine.checkpointTraining();
    } finally {
      await engine.finishTraining();
    }
    const [chosen, rejected] = await engine.sequenceLogprobs([
      { prompt: example!.prompt, completion: example!.chosen },
      { prompt: example!.prompt, completion: example!.rejected },
    ]);
    this.after = withReference(example!, sum(chosen!), sum(rejected!));
    this.steps += 1;
  }
}

function withReference(example: PairExample, policyChosen: number, policyRejected: number): PairLogprobs {
  const { referenceChosen, referenceRejected } = example;
  return { policyChosen, policyRejected, referenceChosen, referenceRejected };
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
