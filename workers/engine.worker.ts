import './lockdown.ts';
import * as tf from '@tensorflow/tfjs-core';
import * as Comlink from 'comlink';
import type { Sampling } from '../src/model/sampling.ts';
import { parameterCount } from '../src/model/config.ts';
import { arraysSource } from '../src/model/formats/arrays-source.ts';
import type { ModelFolder } from '../src/model/formats/model-folder.ts';
import { modelHash, openWeights } from '../src/model/formats/model-weights.ts';
import { readSafetensors } from '../src/model/formats/safetensors.ts';
import type { WeightSource } from '../src/model/formats/weight-source.ts';
import { generate } from '../src/model/generate.ts';
import { completionLogprobs, nextTokenLogprobs } from '../src/model/logprobs.ts';
import { loraFromArrays } from '../src/model/lora.ts';
import { continuationLogprobs, promptLogits } from '../src/model/scoring.ts';
import { FORWARD_TOKENS, trainingPass, type TrainingPass } from '../src/model/memory-plan.ts';
import { createModel, setWeights, type Model } from '../src/model/model.ts';
import { packLinearWeights } from '../src/model/packed-weights.ts';
import { allocatedBytes } from '../src/tensor/allocated.ts';
import { startBackend } from '../src/tensor/backend.ts';
import { dpoBackward, pairLength, type WholeBatch } from '../src/train/dpo.ts';
import { supervisedBackward } from '../src/train/sft.ts';
import { detachLora, Trainer, type AllReduce } from '../src/train/trainer.ts';
import { createAllReduce } from './all-reduce.ts';
import type { BackendName } from '../src/tensor/backend-name.ts';
import type { Completion } from '../src/model/completion.ts';
import type { DpoLossSettings } from '../src/train/loss-settings.ts';
import type { GenerateTask } from '../src/model/generate-task.ts';
import type { PairExample } from '../src/train/pair-example.ts';
import type { Policy } from '../src/model/policy.ts';
import type { Sequence } from '../src/model/sequence.ts';
import type { SupervisedExample } from '../src/train/supervised-example.ts';
import type { TrainingSettings } from '../src/train/training-settings.ts';
import type { MemoryReport } from './protocol.ts';
import type { DpoShare, ModelFacts, Replica, SupervisedShare } from './replica.ts';
import { createPause } from './pause.ts';

/**
 * Per backend: rows decoded at once, the multiple that shapes are rounded to, tokens in a forward pass without gradients.
 * WASM: 64 rows fill the matrix product's registers (measured flat beyond). WebGPU: few shapes for its buffer pool.
 */
const PLAN = {
  wasm: { rows: 64, multiple: 1, forwardTokens: FORWARD_TOKENS.wasm },
  webgpu: { rows: 64, multiple: 16, forwardTokens: FORWARD_TOKENS.webgpu },
};

class EngineReplica implements Replica {
  #backend: BackendName = 'wasm';
  #model: Model | null = null;
  /** Where the seed weights are read from again, rather than kept beside the model's. */
  #seed: WeightSource | null = null;
  /** Whether the model's own weights are still the seed's: full fine-tuning changes them, LoRA does not. */
  #holdsSeed = false;
  #trainer: Trainer | null = null;
  #allReduce: AllReduce | null = null;
  readonly #cancelled = new Set<number>();

  async start(backend: BackendName): Promise<{ device: string }> {
    this.#backend = backend;
    // An error that nobody catches reaches the pool as the worker's `error` event: every waiting call rejects.
    const device = await startBackend(backend, (message) => {
      reportError(new Error(`The graphics device failed: ${message}`));
    });
    return { device };
  }

  connect(rank: number, ports: MessagePort[]): void {
    this.#allReduce = createAllReduce(rank, ports);
  }

  async describe(files: ModelFolder): Promise<ModelFacts> {
    const { config, bytes } = await openWeights(files);
    return {
      hash: await modelHash(files),
      architecture: config.architecture,
      parameters: parameterCount(config),
      layers: config.layers,
      hiddenSize: config.hiddenSize,
      vocabularySize: config.vocabularySize,
      contextLength: config.contextLength,
      bytes,
    };
  }

  async load(files: ModelFolder, onProgress: (done: number, total: number) => unknown): Promise<void> {
    const { config, weights } = await openWeights(files);
    this.#model?.dispose();
    this.#model = null;
    // The last report must be there before the reply, which comes on another port.
    let told: unknown;
    this.#model = await createModel(
      config,
      reporting(weights, (done, total) => (told = onProgress(done, total))),
    );
    await told;
    this.#seed = weights;
    this.#holdsSeed = true;
  }

  async usePolicy(policy: Policy): Promise<void> {
    // First, so that an adapter that does not fit changes nothing.
    const lora =
      policy.kind === 'lora'
        ? loraFromArrays(this.model.config, readSafetensors(policy.weights).arrays, policy)
        : null;
    detachLora(this.model);
    if (policy.kind === 'full') {
      this.#holdsSeed = false;
      await setWeights(this.model, arraysSource(readSafetensors(policy.weights).arrays));
    } else if (!this.#holdsSeed) {
      await setWeights(this.model, this.seed);
      this.#holdsSeed = true;
    }
    this.model.lora = lora;
  }

  async generate(
    job: number,
    tasks: GenerateTask[],
    sampling: Sampling,
    onCompletion: (completion: Completion) => unknown,
    onToken: ((task: number, sample: number, id: number) => void) | null,
  ): Promise<void> {
    const release = packLinearWeights(this.model);
    // Callbacks travel on ports of their own and could arrive after the reply: wait until each was received,
    // also when the job was cancelled.
    const deliveries: unknown[] = [];
    try {
      await generate(this.model, tasks, {
        sampling,
        ...this.#plan,
        pause: createPause(() => this.#checkCancelled(job)),
        onRow: ({ task, sample, ids, logprobs, finished }) => {
          const row = {
            task,
            sample,
            ids: Int32Array.from(ids),
            logprobs: Float32Array.from(logprobs),
            finished,
          };
          deliveries.push(onCompletion(row));
        },
        ...(onToken ? { onToken: (row, id) => onToken(row.task, row.sample, id) } : {}),
      });
    } finally {
      await Promise.allSettled(deliveries);
      release();
    }
  }

  async sequenceLogprobs(job: number, sequences: Sequence[]): Promise<Float32Array[]> {
    const groups = sequences.map(({ prompt, completion }) => ({ prompt, completions: [completion] }));
    return completionLogprobs(
      this.model,
      groups,
      this.#plan.forwardTokens,
      createPause(() => this.#checkCancelled(job)),
    );
  }

  async nextTokenLogprobs(contexts: Int32Array[], candidates: number[]): Promise<Float32Array[]> {
    return nextTokenLogprobs(this.model, contexts, candidates, this.#plan.forwardTokens);
  }

  async continuationLogprobs(prompts: Int32Array[], options: Int32Array[]): Promise<Float32Array[]> {
    return continuationLogprobs(this.model, prompts, options, this.#plan.forwardTokens);
  }

  async promptLogits(ids: Int32Array): Promise<Float32Array> {
    const values = await promptLogits(this.model, ids);
    return Comlink.transfer(values, [values.buffer]);
  }

  cancel(job: number): void {
    this.#cancelled.add(job);
  }

  startTraining(settings: TrainingSettings, checkpoint: ArrayBuffer | null): void {
    this.#trainer?.dispose();
    this.#trainer = new Trainer(this.model, settings, this.#allReduce);
    if (!this.model.lora) this.#holdsSeed = false;
    if (checkpoint) this.#trainer.restore(checkpoint);
  }

  async dpoStep(
    pairs: PairExample[],
    settings: DpoLossSettings,
    learningRate: number,
    batch: WholeBatch,
  ): Promise<DpoShare> {
    const share: DpoShare['pairs'] = [];
    const { tokens, recompute } = this.#passOver(pairs.map(pairLength));
    const backward = dpoBackward({
      model: this.model,
      pairs,
      settings,
      batch,
      tokens,
      allReduce: this.#allReduce,
      onPair: (outcome) => share.push(outcome),
    });
    const gradNorm = await this.trainer.step(backward, learningRate, recompute);
    return { pairs: share, gradNorm };
  }

  async supervisedStep(
    examples: SupervisedExample[],
    learningRate: number,
    batchWeight: number,
  ): Promise<SupervisedShare> {
    let loss = 0;
    const { tokens, recompute } = this.#passOver(examples.map(({ ids }) => ids.length));
    const backward = supervisedBackward(
      this.model,
      examples,
      batchWeight,
      tokens,
      (share) => (loss += share),
    );
    const gradNorm = await this.trainer.step(backward, learningRate, recompute);
    return { loss, gradNorm };
  }

  async checkpointTraining(): Promise<ArrayBuffer> {
    const bytes = await this.trainer.checkpoint();
    return Comlink.transfer(bytes, [bytes]);
  }

  async finishTraining(): Promise<ArrayBuffer> {
    const bytes = await this.trainer.weights();
    this.trainer.dispose();
    this.#trainer = null;
    return Comlink.transfer(bytes, [bytes]);
  }

  memory(): MemoryReport {
    const { numTensors, numBytes } = tf.memory();
    return { tensors: numTensors, bytes: numBytes, allocated: allocatedBytes() };
  }

  get #plan() {
    return PLAN[this.#backend];
  }

  #passOver(lengths: number[]): TrainingPass {
    const rank = this.trainer.settings.lora?.rank ?? 0;
    return trainingPass(this.model.config, this.#backend, rank, Math.max(0, ...lengths));
  }

  get model(): Model {
    if (!this.#model) throw new Error('No model is loaded.');
    return this.#model;
  }

  get seed(): WeightSource {
    if (!this.#seed) throw new Error('No model is loaded.');
    return this.#seed;
  }

  get trainer(): Trainer {
    if (!this.#trainer) throw new Error('No training is running.');
    return this.#trainer;
  }

  #checkCancelled(job: number): void {
    if (this.#cancelled.delete(job)) throw new DOMException('Cancelled.', 'AbortError');
  }
}

/** The same weights; tells after each tensor how many bytes of how many have been read. */
function reporting(
  weights: WeightSource,
  onProgress: (done: number, total: number) => unknown,
): WeightSource {
  const total = [...weights.entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const counted = async <T>(name: string, read: Promise<T>) => {
    const values = await read;
    done += weights.entries.get(name)?.bytes ?? 0;
    onProgress(done, total);
    return values;
  };
  return {
    ...weights,
    readRaw: (name) => counted(name, weights.readRaw(name)),
    read: (name) => counted(name, weights.read(name)),
  };
}

Comlink.expose(new EngineReplica());
