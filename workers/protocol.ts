/**
 * The typed contract between the page and its engine workers: the only thing that crosses a worker boundary.
 * Everything here is structured-cloneable; large arrays are transferred.
 */
import type { EngineLostError } from '../src/harness/engine-loss.ts';
import type { Completion } from '../src/model/completion.ts';
import type { ModelFolder } from '../src/model/formats/model-folder.ts';
import type { GenerateTask } from '../src/model/generate-task.ts';
import type { ModelInfo } from '../src/model/model-info.ts';
import type { Policy } from '../src/model/policy.ts';
import type { Sampling } from '../src/model/sampling.ts';
import type { Sequence } from '../src/model/sequence.ts';
import type { BackendName } from '../src/tensor/backend-name.ts';
import type { DpoStepMetrics } from '../src/train/dpo-metrics.ts';
import type { DpoLossSettings } from '../src/train/loss-settings.ts';
import type { PairExample } from '../src/train/pair-example.ts';
import type { SupervisedExample } from '../src/train/supervised-example.ts';
import type { SupervisedStepMetrics } from '../src/train/supervised-metrics.ts';
import type { TrainingCheckpoint } from '../src/train/training-checkpoint.ts';
import type { TrainingSettings } from '../src/train/training-settings.ts';

/** Where a model's files come from: the network, this device, or memory. */
export type ModelSource =
  /** Directory URL ending in '/', holding config.json and model.safetensors. */
  | { name: string; url: string }
  /** Files at hand: dropped by the user, or stored by the model library. */
  | { name: string; files: ModelFolder }
  /** Parsed config.json and the bytes of model.safetensors. */
  | { name: string; config: unknown; weights: ArrayBuffer };

export interface DeviceInfo {
  backend: BackendName;
  /** GPU adapter's description, or the WASM features in use. */
  device: string;
  workers: number;
}

export interface GenerateReport {
  promptTokens: number;
  tokens: number;
  seconds: number;
}

export interface MemoryReport {
  tensors: number;
  /** Of the tensors. */
  bytes: number;
  /** Taken from the system, see `allocatedBytes`. */
  allocated: number;
}

/** What an open engine is doing; `stalled`: a worker takes longer than it said that it would. */
export type Activity = 'idle' | 'working' | 'stalled';

/** Implemented by the page's engine pool; the same shape whatever the backend. */
export interface Engine {
  readonly device: DeviceInfo;
  readonly model: ModelInfo;
  /** Makes a policy current for generate, logprobs and as the start of training. */
  usePolicy(policy: Policy): Promise<void>;
  /** Streams each finished row to `onCompletion`; resolves when all are done; rejects with AbortError. */
  generate(
    tasks: GenerateTask[],
    sampling: Sampling,
    onCompletion: (completion: Completion) => void,
    options?: { signal?: AbortSignal; onToken?: (task: number, sample: number, id: number) => void },
  ): Promise<GenerateReport>;
  /** log p(candidate | context) for the token after each context; [contexts][candidates]. */
  nextTokenLogprobs(contexts: Int32Array[], candidates: number[]): Promise<Float32Array[]>;
  /** log p of each option as the continuation of each prompt; [prompts][options]. */
  continuationLogprobs(prompts: Int32Array[], options: Int32Array[]): Promise<Float32Array[]>;
  /** Logits after every token of a text, [tokens · vocabularySize] row by row. */
  promptLogits(ids: Int32Array): Promise<Float32Array>;
  /** Per-token log-probabilities of each completion, by the training forward pass. */
  sequenceLogprobs(sequences: Sequence[], signal?: AbortSignal): Promise<Float32Array[]>;
  startTraining(settings: TrainingSettings, checkpoint?: TrainingCheckpoint): Promise<void>;
  /** One optimisation step on the current policy. `learningRate` overrides the settings (schedules). */
  dpoStep(pairs: PairExample[], loss: DpoLossSettings, learningRate: number): Promise<DpoStepMetrics>;
  supervisedStep(batch: SupervisedExample[], learningRate: number): Promise<SupervisedStepMetrics>;
  checkpointTraining(): Promise<TrainingCheckpoint>;
  /** Ends training, frees optimizer state, returns the trained policy, which is now current. */
  finishTraining(): Promise<Policy>;
  memory(): Promise<MemoryReport>;
  /** Resolves when the engine is gone, however it went: every call that waits, and every later one, rejects with this. */
  readonly lost: Promise<EngineLostError>;
  /** Ends the engine at once, whatever it is doing. */
  close(): void;
}
