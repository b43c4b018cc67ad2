/** What one engine worker offers the pool: one copy of the model on one backend. Crosses the worker boundary by Comlink. */
import type { Sampling } from '../src/judge/judgment.ts';
import type { PairOutcome, WholeBatch } from '../src/train/dpo.ts';
import type {
  BackendName,
  Completion,
  DpoLossSettings,
  GenerateTask,
  MemoryReport,
  PairExample,
  Policy,
  Sequence,
  SupervisedExample,
  TrainingSettings,
} from './protocol.ts';

export interface ModelFiles {
  config: unknown;
  weights: ArrayBuffer;
}

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
  start(backend: BackendName): Promise<{ device: string }>;
  /** Connects this replica to the others, in rank order, for summing gradients. */
  connect(rank: number, ports: MessagePort[]): void;
  load(files: ModelFiles): void;
  usePolicy(policy: Policy): void;
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
