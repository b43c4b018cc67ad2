/**
 * The typed contract between the page and its engine workers: the only thing that crosses a worker boundary.
 * Everything here is structured-cloneable; large arrays are transferred.
 */
import type { Sampling } from '../src/judge/judgment.ts';
import type { ModelFolder } from '../src/model/formats/model-folder.ts';

export type BackendName = 'webgpu' | 'wasm';

/** Where a model's files come from: the network, this device, or memory. */
export type ModelSource =
  /** Directory URL ending in '/', holding config.json and model.safetensors. */
  | { name: string; url: string }
  /** Files at hand: dropped by the user, or stored by the model library. */
  | { name: string; files: ModelFolder }
  /** Parsed config.json and the bytes of model.safetensors. */
  | { name: string; config: unknown; weights: ArrayBuffer };

export interface ModelInfo {
  name: string;
  /** First 16 hex digits of the SHA-256 of the weights (`modelHash`). */
  hash: string;
  architecture: string;
  parameters: number;
  layers: number;
  hiddenSize: number;
  vocabularySize: number;
  contextLength: number;
  bytes: number;
}

export interface DeviceInfo {
  backend: BackendName;
  /** GPU adapter's description, or the WASM features in use. */
  device: string;
  workers: number;
}

/**
 * The weights that judge: the seed model as loaded, all its weights after full fine-tuning, or a LoRA adapter
 * on it. `weights` are safetensors bytes (float32; PEFT's names and layout for LoRA).
 */
export type Policy =
  | { kind: 'seed' }
  | { kind: 'full'; hash: string; weights: ArrayBuffer }
  | ({ kind: 'lora'; hash: string; weights: ArrayBuffer } & LoraSettings);

/** Draw `samples` completions of one prompt. `key` names the item in the noise: same key, same noise. */
export interface GenerateTask {
  key: number;
  prompt: Int32Array;
  /** Sample numbers to draw, e.g. [0..7]; a resumed job asks only for those it lacks. */
  samples: number[];
}

/** One finished row. `task` is the index into the request's tasks. */
export interface Completion {
  task: number;
  sample: number;
  /** Sampled ids, with `<eos>` when `finished`. */
  ids: Int32Array;
  /** log p of each id under the untempered, untruncated distribution. */
  logprobs: Float32Array;
  finished: boolean;
}

export interface GenerateReport {
  promptTokens: number;
  tokens: number;
  seconds: number;
}

/** Prompt and completion ids of one sequence; completion ends with `<eos>`. */
export interface Sequence {
  prompt: Int32Array;
  completion: Int32Array;
}

export interface LoraSettings {
  rank: number;
  alpha: number;
  /** Scaled by α/√r instead of α/r. */
  rankStabilised?: boolean;
}

export interface OptimizerSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  maxGradNorm: number;
}

export interface TrainingSettings {
  /** null: full fine-tuning. A policy of kind 'lora' continues its own adapter. */
  lora: LoraSettings | null;
  optimizer: OptimizerSettings;
  /** Seeds the LoRA initialisation. */
  seed: number;
}

/** One preference pair, tokenised, with the reference policy's summed log-probabilities. */
export interface PairExample {
  prompt: Int32Array;
  chosen: Int32Array;
  rejected: Int32Array;
  referenceChosen: number;
  referenceRejected: number;
}

/** TRL's names (`loss_type`); src/train/losses has one file for each. */
export type DpoLossType =
  | 'sigmoid'
  | 'hinge'
  | 'ipo'
  | 'exo_pair'
  | 'nca_pair'
  | 'robust'
  | 'bco_pair'
  | 'sppo_hard'
  | 'aot'
  | 'aot_unpaired'
  | 'apo_zero'
  | 'apo_down'
  | 'discopop'
  | 'sft'
  | 'sigmoid_norm';

/** Σ weight · loss, as TRL combines its lists `loss_type` and `loss_weights`. */
export interface DpoLossSettings {
  beta: number;
  losses: { type: DpoLossType; weight: number }[];
  /** ε of robust, exo_pair, aot and aot_unpaired. Default: 0. */
  labelSmoothing?: number;
  /** τ of discopop. Default: 0.05. */
  discopopTau?: number;
}

/** TRL's metric names (trl/trainer/dpo_trainer.py), one optimisation step. */
export interface DpoStepMetrics {
  loss: number;
  /** The part of the loss that compares chosen with rejected: everything but `sft`, weighted. */
  'loss/dpo': number;
  /** Mean negative log-probability of a chosen token, whether or not it is part of the loss. */
  'loss/sft': number;
  'rewards/chosen': number;
  'rewards/rejected': number;
  'rewards/margins': number;
  'rewards/accuracies': number;
  'logps/chosen': number;
  'logps/rejected': number;
  /** Mean over all completion tokens, in nats. */
  entropy: number;
  /** Mean logit over the vocabulary and the tokens of the chosen completions, and of the rejected. */
  'logits/chosen': number;
  'logits/rejected': number;
  /** Share of the chosen tokens that were the likeliest. */
  mean_token_accuracy: number;
  grad_norm: number;
  learning_rate: number;
  tokens: number;
  seconds: number;
  /** Per pair: policy log-probabilities, for the equation view. */
  pairs: { chosen: number; rejected: number }[];
}

/** One supervised sequence; `weights[i]` is the loss weight of predicting ids[i] (0 for i = 0). */
export interface SupervisedExample {
  ids: Int32Array;
  weights: Float32Array;
}

export interface SupervisedStepMetrics {
  /** Σ weight·nll / Σ weight over the batch. */
  loss: number;
  grad_norm: number;
  learning_rate: number;
  tokens: number;
  seconds: number;
}

/** A paused training run: everything that is needed to go on bit for bit (safetensors bytes). */
export type TrainingCheckpoint = ArrayBuffer;

export interface MemoryReport {
  tensors: number;
  /** Of the tensors. */
  bytes: number;
  /** Taken from the system, see `allocatedBytes`. */
  allocated: number;
}

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
  close(): void;
}
