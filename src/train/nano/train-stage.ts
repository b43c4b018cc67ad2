import type { Policy } from '../../model/policy.ts';
import type { Stage } from '../../data/micro/corpus.ts';
import type { Tokenizer } from '../../model/formats/tokenizer.ts';
import { learningRateAt } from '../schedule.ts';
import type { SupervisedExample } from '../supervised-example.ts';
import type { SupervisedStepMetrics } from '../supervised-metrics.ts';
import type { TrainingCheckpoint } from '../training-checkpoint.ts';
import type { TrainingSettings } from '../training-settings.ts';
import { stageBatch } from './examples.ts';
import { RECIPE } from './recipe.ts';

/** What of an engine trains a stage. */
export interface StageEngine {
  startTraining(settings: TrainingSettings, checkpoint?: TrainingCheckpoint): Promise<void>;
  supervisedStep(batch: SupervisedExample[], learningRate: number): Promise<SupervisedStepMetrics>;
  checkpointTraining(): Promise<TrainingCheckpoint>;
  finishTraining(): Promise<Policy>;
}

/** Where a stage stands: enough, with the checkpoint, to go on. */
export interface StageProgress {
  stage: Stage;
  step: number;
  tokens: number;
  seconds: number;
}

export interface StageHooks {
  log(line: string): void;
  /** Called about every two minutes, and must finish before training goes on. */
  save(progress: StageProgress, checkpoint: TrainingCheckpoint): Promise<void>;
}

const SAVE_EVERY_SECONDS = 90;
const LOG_EVERY_STEPS = 20;

/** Trains one stage on the engine's current policy, from the beginning or from a checkpoint. */
export async function trainStage(
  engine: StageEngine,
  tokenizer: Tokenizer,
  from: { progress: StageProgress; checkpoint?: TrainingCheckpoint },
  hooks: StageHooks,
): Promise<{ policy: Policy; progress: StageProgress }> {
  const progress = { ...from.progress };
  const recipe = RECIPE[progress.stage];
  const settings = { lora: null, optimizer: RECIPE.optimizer, seed: RECIPE.weightsSeed };
  await engine.startTraining(settings, from.checkpoint);
  let saved = performance.now();
  let next = stageBatch(progress.stage, progress.step, recipe.batch, tokenizer);
  while (progress.step < recipe.steps) {
    const running = engine.supervisedStep(next, learningRateAt(recipe, progress.step, recipe.steps));
    // The next batch is written and tokenised while the workers compute this one.
    next = stageBatch(progress.stage, progress.step + 1, recipe.batch, tokenizer);
    const metrics = await running;
    progress.step++;
    progress.tokens += metrics.tokens;
    progress.seconds += metrics.seconds;
    if (progress.step % LOG_EVERY_STEPS === 0) hooks.log(logLine(progress, recipe.steps, metrics));
    if (performance.now() - saved > SAVE_EVERY_SECONDS * 1000) {
      await hooks.save(progress, await engine.checkpointTraining());
      saved = performance.now();
    }
  }
  return { policy: await engine.finishTraining(), progress };
}

function logLine(progress: StageProgress, steps: number, metrics: SupervisedStepMetrics): string {
  const speed = Math.round(metrics.tokens / metrics.seconds);
  const { loss, grad_norm: norm } = metrics;
  return `${progress.stage} ${progress.step}/${steps}  loss ${loss.toFixed(4)}  grad_norm ${norm.toFixed(2)}  ${progress.tokens} tokens  ${speed} tokens/s`;
}
