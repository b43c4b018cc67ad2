/** What one engine worker offers the pool: one copy of the model on one backend. Crosses the worker boundary by Comlink. */
import type { Sampling } from '../src/model/sampling.ts';
import type { ModelFolder } from '../src/model/formats/model-folder.ts';
import type { PairOutcome, WholeBatch } from '../src/train/dpo.ts';
import type { BackendName } from '../src/tensor/backend-name.ts';
import type { Completion } from '../src/model/completion.ts';
import type { DpoLossSettings } from '../src/train/loss-settings.ts';
import type { GenerateTask } from '../src/model/generate-task.ts';
import type { ModelInfo } from '../src/model/model-info.ts';
import type { PairExample } from '../src/train/pair-example.ts';
import type { Policy } from '../src/model/policy.ts';
import type { Sequence } from '../src/model/sequence.ts';
import type { SupervisedExample } from '../src/train/supervised-example.ts';
import type { TrainingSettings } from '../src/train/training-settings.ts';
import type { MemoryReport } from './protocol.ts';

/** What can be said of a model from its files. */
export type ModelFacts = Omit<ModelInfo, 'name'>;

/** A worker's share of a DPO step; sums, so that shares add up. */
export interface DpoShare {
  /** Outcome of each pair, in the order given. */
  pairs: PairOutcome[];
  gradNorm: number;
}

export interface SupervisedShare {
  loss: number;
  gradNorm: number;
}

export interface Replica {
  /** Tells of its life on this port from now on, see `LifeSign`. */
  tellLife(port: MessagePort): void;
  start(backend: BackendName): Promise<{ device: string }>;
  /** Connects this replica to the others, in rank order, for summing gradients. */
  connect(rank: number, ports: MessagePort[]): void;
  /** Reads headers, and every byte of the weights for their hash. */
  describe(files: ModelFolder): Promise<ModelFacts>;
  /** Reads the weights from the files, which stay open: the seed policy is read again after full fine-tuning. */
  load(files: ModelFolder, onProgress: (done: number, total: number) => unknown): Promise<void>;
  usePolicy(policy: Policy): Promise<void>;
  generate(
    job: number,
    tasks: GenerateTask[],
    sampling: Sampling,
    onCompletion: (completion: Completion) => unknown,
    onToken: ((task: number, sample: number, id: number) => void) | null,
  ): Promise<void>;
  sequenceLogprobs(job: number, sequences: Sequence[]): Promise<Float32Array[]>;
  nextTokenLogprobs(contexts: Int32Array[], candidates: number[]): Promise<Float32Array[]>;
  continuationLogprobs(prompts: Int32Array[], options: Int32Array[]): Promise<Float32Array[]>;
  promptLogits(ids: Int32Array): Promise<Float32Array>;
  /** Makes the running job of this number reject with an AbortError at its next step. */
  cancel(job: number): void;
  startTraining(settings: TrainingSettings, checkpoint: ArrayBuffer | null): void;
  dpoStep(
    pairs: PairExample[],
    loss: DpoLossSettings,
    learningRate: number,
    batch: WholeBatch,
  ): Promise<DpoShare>;
  supervisedStep(
    examples: SupervisedExample[],
    learningRate: number,
    batchWeight: number,
  ): Promise<SupervisedShare>;
  checkpointTraining(): Promise<ArrayBuffer>;
  /** Ends training; the trained weights stay. @returns them, as safetensors bytes */
  finishTraining(): Promise<ArrayBuffer>;
  memory(): MemoryReport;
}
