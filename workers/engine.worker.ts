import * as tf from '@tensorflow/tfjs-core';
import * as Comlink from 'comlink';
import type { Sampling } from '../src/model/sampling.ts';
import { parameterCount } from '../src/model/config.ts';
import { arraysSource } from '../src/model/formats/arrays-source.ts';
import type { ModelFolder } from '../src/model/formats/model-folder.ts';
import { openWeights } from '../src/model/formats/model-weights.ts';
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
import { completionOf, type Completion } from '../src/model/completion.ts';
import type { DpoLossSettings } from '../src/train/loss-settings.ts';
import type { GenerateTask } from '../src/model/generate-task.ts';
import type { PairExample } from '../src/train/pair-example.ts';
import type { Policy } from '../src/model/policy.ts';
import type { Sequence } from '../src/model/sequence.ts';
import type { SupervisedExample } from '../src/train/supervised-example.ts';
import type { TrainingSettings } from '../src/train/training-settings.ts';
import type { MemoryReport } from './protocol.ts';
import type { DpoShare, ModelFacts, Replica, SupervisedShare } from './replica.ts';
import { announced, reported } from './announced-weights.ts';
import { attended } from './attended.ts';
import { LOSS_BY_DEVICE } from './loss-of.ts';
import { modelFacts } from './model-facts.ts';
import { createPause } from './pause.ts';
import { Pulse } from './pulse.ts';

/**
 * Per backend: rows decoded at once, the multiple that shapes are rounded to, tokens in a forward pass without gradients.
 * WASM: 64 rows fill the matrix product's registers (measured flat beyond). WebGPU: few shapes for its buffer pool.
 */
const PLAN = {
  wasm: { rows: 64, multiple: 1, forwardTokens: FORWARD_TOKENS.wasm },
  webgpu: { rows: 64, multiple: 16, forwardTokens: FORWARD_TOKENS.webgpu },
};

const FLOAT_BYTES = 4;

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
  readonly #pulse: Pulse;

  constructor(pulse: Pulse) {
    this.#pulse = pulse;
  }

  tellLife(port: MessagePort): void {
    this.#pulse.connect(port);
  }

  async start(backend: BackendName): Promise<{ device: string }> {
    this.#backend = backend;
    this.#pulse.begin('start', 1);
    const device = await startBackend(backend, (message, failure) =>
      this.#pulse.lost(message, LOSS_BY_DEVICE[failure]),
    );
    return { device };
  }

  connect(rank: number, ports: MessagePort[]): void {
    const sum = createAllReduce(rank, ports);
    this.#allReduce = (gradient) => {
      // How long the others take is for them to say.
      this.#pulse.rest();
      return sum(gradient);
    };
  }

  async describe(files: ModelFolder): Promise<ModelFacts> {
    return modelFacts(files);
  }

  async load(files: ModelFolder, onProgress: (done: number, total: number) => unknown): Promise<void> {
    const { config, weights: source } = await openWeights(files);
    this.#model?.dispose();
    this.#model = null;
    // The last report must be there before the reply, which comes on another port.
    let told: unknown;
    const weights = announced(source, this.#pulse);
    const model = await createModel(
      config,
      reported(weights, (done, total) => (told = onProgress(done, total))),
    );
    const parameters = parameterCount(config);
    model.onPass = (tokens) => this.#pulse.beginPass(parameters, tokens);
    this.#model = model;
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
      await setWeights(
        this.model,
        announced(arraysSource(readSafetensors(policy.weights).arrays), this.#pulse),
      );
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
    this.#pulse.begin('weights', FLOAT_BYTES * parameterCount(this.model.config));
    const release = packLinearWeights(this.model);
    // Callbacks travel on ports of their own and could arrive after the reply: wait until each was received,
    // also when the job was cancelled.
    const deliveries: unknown[] = [];
    try {
      await generate(this.model, tasks, {
        sampling,
        ...this.#plan,
        pause: createPause(() => this.#checkCancelled(job)),
        onRow: (row) => deliveries.push(onCompletion(completionOf(row))),
        ...(onToken ? { onToken: (row, id) => onToken(row.task, row.sample, id) } : {}),
      });
    } finally {
      // From here on it waits for the page.
      this.#pulse.rest();
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
    this.#beginTrained();
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
    this.#beginTrained();
    const bytes = await this.trainer.checkpoint();
    return Comlink.transfer(bytes, [bytes]);
  }

  async finishTraining(): Promise<ArrayBuffer> {
    this.#beginTrained();
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

  /** Announces that what is trained is read or written, with its two moments. */
  #beginTrained(): void {
    const values = [...this.trainer.variables.values()].reduce((sum, { size }) => sum + size, 0);
    this.#pulse.begin('weights', 3 * FLOAT_BYTES * values);
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

const pulse = new Pulse();
Comlink.expose(attended(new EngineReplica(pulse), pulse));
