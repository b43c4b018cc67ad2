import * as Comlink from 'comlink';
import type { EngineLostError } from '../src/harness/engine-loss.ts';
import type { Completion } from '../src/model/completion.ts';
import type { GenerateTask } from '../src/model/generate-task.ts';
import type { LoraSettings } from '../src/model/lora-settings.ts';
import type { ModelInfo } from '../src/model/model-info.ts';
import type { Policy } from '../src/model/policy.ts';
import type { Sampling } from '../src/model/sampling.ts';
import type { Sequence } from '../src/model/sequence.ts';
import { dpoMetrics, type DpoStepMetrics } from '../src/train/dpo-metrics.ts';
import type { DpoLossSettings } from '../src/train/loss-settings.ts';
import type { PairExample } from '../src/train/pair-example.ts';
import { weightOf, type SupervisedExample } from '../src/train/supervised-example.ts';
import { supervisedMetrics, type SupervisedStepMetrics } from '../src/train/supervised-metrics.ts';
import type { TrainingCheckpoint } from '../src/train/training-checkpoint.ts';
import type { TrainingSettings } from '../src/train/training-settings.ts';
import { divideBy, divideTasks, inOrder } from './divide.ts';
import { shortHash } from './model-files.ts';
import type { DeviceInfo, Engine, GenerateReport, MemoryReport } from './protocol.ts';
import type { Replicas } from './replicas.ts';

/** One engine over all its workers: deals out what can be divided, and has every worker do the rest alike. */
export class PooledEngine implements Engine {
  readonly device: DeviceInfo;
  readonly model: ModelInfo;
  readonly #replicas: Replicas;
  #training: TrainingSettings | null = null;
  /** Of the adapter in use, which goes on being trained; its weights lie with the workers alone. */
  #lora: LoraSettings | null = null;

  /** @param replicas have loaded the model; the engine owns them from now on */
  constructor(replicas: Replicas, device: DeviceInfo, model: ModelInfo) {
    this.#replicas = replicas;
    this.device = device;
    this.model = model;
  }

  get lost(): Promise<EngineLostError> {
    return this.#replicas.lost;
  }

  async usePolicy(policy: Policy): Promise<void> {
    await this.#replicas.all(({ replica }) => replica.usePolicy(policy));
    if (policy.kind !== 'lora') this.#lora = null;
    else {
      const { kind: _kind, hash: _hash, weights: _weights, ...lora } = policy;
      this.#lora = lora;
    }
  }

  async generate(
    tasks: GenerateTask[],
    sampling: Sampling,
    onCompletion: (completion: Completion) => void,
    options: { signal?: AbortSignal; onToken?: (task: number, sample: number, id: number) => void } = {},
  ): Promise<GenerateReport> {
    const start = performance.now();
    const shares = divideTasks(tasks, this.#replicas.count);
    let tokens = 0;
    await this.#replicas.cancellable(options.signal, (job) =>
      this.#replicas.allSettled(({ replica }, rank) => {
        const share = shares[rank] ?? [];
        const original = (task: number) => share[task]?.index as number;
        const onRow = (row: Completion) => {
          tokens += row.ids.length;
          onCompletion({ ...row, task: original(row.task) });
        };
        const { onToken } = options;
        const onId = onToken
          ? Comlink.proxy((task: number, sample: number, id: number) => onToken(original(task), sample, id))
          : null;
        return share.length > 0
          ? replica.generate(
              job,
              share.map(({ task }) => task),
              sampling,
              Comlink.proxy(onRow),
              onId,
            )
          : Promise.resolve();
      }),
    );
    const promptTokens = tasks.reduce((sum, { prompt }) => sum + prompt.length, 0);
    return { promptTokens, tokens, seconds: (performance.now() - start) / 1000 };
  }

  async nextTokenLogprobs(contexts: Int32Array[], candidates: number[]): Promise<Float32Array[]> {
    return this.#replicas.spread(
      contexts,
      (ids) => ids.length,
      ({ replica }, share) => replica.nextTokenLogprobs(share, candidates),
    );
  }

  async continuationLogprobs(prompts: Int32Array[], options: Int32Array[]): Promise<Float32Array[]> {
    return this.#replicas.spread(
      prompts,
      (ids) => ids.length,
      ({ replica }, share) => replica.continuationLogprobs(share, options),
    );
  }

  async promptLogits(ids: Int32Array): Promise<Float32Array> {
    return this.#replicas.first(({ replica }) => replica.promptLogits(ids));
  }

  async sequenceLogprobs(sequences: Sequence[], signal?: AbortSignal): Promise<Float32Array[]> {
    const length = ({ prompt, completion }: Sequence) => prompt.length + completion.length;
    return this.#replicas.cancellable(signal, (job) =>
      this.#replicas.spread(sequences, length, ({ replica }, share) => replica.sequenceLogprobs(job, share)),
    );
  }

  async startTraining(settings: TrainingSettings, checkpoint?: TrainingCheckpoint): Promise<void> {
    await this.#replicas.all(({ replica }) => replica.startTraining(settings, checkpoint ?? null));
    this.#training = settings;
  }

  async dpoStep(pairs: PairExample[], loss: DpoLossSettings, learningRate: number): Promise<DpoStepMetrics> {
    const start = performance.now();
    const length = (pair: PairExample) => pair.prompt.length + pair.chosen.length + pair.rejected.length;
    const shares = divideBy(pairs, length, this.#replicas.count);
    const chosenTokens = pairs.reduce((sum, { chosen }) => sum + chosen.length, 0);
    const results = await this.#replicas.all(({ replica }, rank) => {
      const share = shares[rank] ?? [];
      const positions = share.map(({ index }) => index);
      const batch = { pairs: pairs.length, chosenTokens, positions };
      return replica.dpoStep(
        share.map(({ entry }) => entry),
        loss,
        learningRate,
        batch,
      );
    });
    const outcomes = inOrder(
      shares,
      results.map((result) => result.pairs),
    );
    return dpoMetrics(pairs, outcomes, loss, {
      grad_norm: results[0]?.gradNorm as number,
      learning_rate: learningRate,
      seconds: (performance.now() - start) / 1000,
    });
  }

  async supervisedStep(batch: SupervisedExample[], learningRate: number): Promise<SupervisedStepMetrics> {
    const start = performance.now();
    const shares = divideBy(batch, ({ ids }) => ids.length, this.#replicas.count);
    const batchWeight = weightOf(batch);
    const results = await this.#replicas.all(({ replica }, rank) => {
      const share = (shares[rank] ?? []).map(({ entry }) => entry);
      return replica.supervisedStep(share, learningRate, batchWeight);
    });
    const losses = results.map(({ loss }) => loss);
    return supervisedMetrics(batch, losses, {
      grad_norm: results[0]?.gradNorm as number,
      learning_rate: learningRate,
      seconds: (performance.now() - start) / 1000,
    });
  }

  async checkpointTraining(): Promise<TrainingCheckpoint> {
    return this.#replicas.first(({ replica }) => replica.checkpointTraining());
  }

  async finishTraining(): Promise<Policy> {
    const results = await this.#replicas.all(({ replica }) => replica.finishTraining());
    const weights = results[0] as ArrayBuffer;
    const hash = await shortHash(weights);
    this.#lora ??= this.#training?.lora ?? null;
    this.#training = null;
    return this.#lora ? { kind: 'lora', hash, weights, ...this.#lora } : { kind: 'full', hash, weights };
  }

  async memory(): Promise<MemoryReport> {
    const reports = await this.#replicas.all(({ replica }) => replica.memory());
    const sum = (of: keyof MemoryReport) => reports.reduce((total, report) => total + report[of], 0);
    return { tensors: sum('tensors'), bytes: sum('bytes'), allocated: sum('allocated') };
  }

  close(): void {
    this.#replicas.close();
  }
}
