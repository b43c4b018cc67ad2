import * as Comlink from 'comlink';
import type { Sampling } from '../src/model/sampling.ts';
import type { ModelFolder } from '../src/model/formats/model-folder.ts';
import type { DpoLossSettings } from '../src/train/loss-settings.ts';
import { modelFiles, shortHash, type LoadingProgress } from './model-files.ts';
import type { BackendName } from '../src/tensor/backend-name.ts';
import type { Completion } from '../src/model/completion.ts';
import { dpoMetrics, type DpoStepMetrics } from '../src/train/dpo-metrics.ts';
import type { GenerateTask } from '../src/model/generate-task.ts';
import type { ModelInfo } from '../src/model/model-info.ts';
import type { PairExample } from '../src/train/pair-example.ts';
import type { Policy } from '../src/model/policy.ts';
import type { Sequence } from '../src/model/sequence.ts';
import { weightOf, type SupervisedExample } from '../src/train/supervised-example.ts';
import { supervisedMetrics, type SupervisedStepMetrics } from '../src/train/supervised-metrics.ts';
import type { TrainingCheckpoint } from '../src/train/training-checkpoint.ts';
import type { TrainingSettings } from '../src/train/training-settings.ts';
import type { DeviceInfo, Engine, GenerateReport, MemoryReport, ModelSource } from './protocol.ts';
import type { DpoShare, Replica } from './replica.ts';
import engineWorkerUrl from './engine.worker.ts?worker&url';
import { divideBy, divideTasks } from './divide.ts';
import { trustedWorkerUrl } from './trusted-url.ts';

export interface OpenEngineOptions {
  /** Default: WebGPU where there is an adapter, else WASM. */
  backend?: BackendName;
  model: ModelSource;
  /** WASM workers; default: one per core, at most 4. On WebGPU always one: a GPU buffer cannot cross workers. */
  workers?: number;
  onProgress?: (progress: LoadingProgress) => void;
}

interface Member {
  worker: Worker;
  replica: Comlink.Remote<Replica>;
}

const MOST_WORKERS = 4;

/**
 * Opens an engine: one worker that owns the GPU, or a pool of WASM workers, each with its own copy of the model.
 * Sampling divides rows over the pool; training divides pairs and sums gradients, so all copies stay equal.
 */
export async function openEngine(options: OpenEngineOptions): Promise<Engine> {
  const backend = options.backend ?? (await defaultBackend());
  const size =
    backend === 'webgpu' ? 1 : (options.workers ?? Math.min(navigator.hardwareConcurrency, MOST_WORKERS));
  const onProgress = options.onProgress ?? (() => undefined);
  const members = Array.from({ length: size }, openMember);
  const broken = failureOf(members);
  try {
    const [files, starts] = await Promise.race([
      Promise.all([
        modelFiles(options.model, onProgress),
        Promise.all(members.map(({ replica }) => replica.start(backend))),
      ]),
      broken,
    ]);
    connectAll(members);
    const { name } = options.model;
    const facts = await Promise.race([loadAll(members, files, name, onProgress), broken]);
    const device: DeviceInfo = { backend, device: starts[0]?.device ?? '', workers: size };
    return new EnginePool(members, device, { name, ...facts }, broken);
  } catch (error) {
    for (const { worker } of members) worker.terminate();
    throw error;
  }
}

async function defaultBackend(): Promise<BackendName> {
  if (!('gpu' in navigator)) return 'wasm';
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  return adapter ? 'webgpu' : 'wasm';
}

function openMember(): Member {
  const worker = new Worker(trustedWorkerUrl(engineWorkerUrl), { type: 'module' });
  return { worker, replica: Comlink.wrap<Replica>(worker) };
}

/** Rejects when a worker dies, or does not even start, so that no call waits for ever. */
function failureOf(members: Member[]): Promise<never> {
  const broken = new Promise<never>((_, reject) => {
    for (const { worker } of members) {
      worker.onerror = (event) => {
        reject(new Error(`An engine worker failed: ${event.message || 'it ended without a reason'}.`));
      };
    }
  });
  broken.catch(() => undefined);
  return broken;
}

/** Each worker reads the model's files for itself; the first speaks for all. */
async function loadAll(
  members: Member[],
  files: ModelFolder,
  name: string,
  onProgress: (progress: LoadingProgress) => void,
) {
  const [facts] = await Promise.all([
    (members[0] as Member).replica.describe(files),
    ...members.map(({ replica }, rank) => {
      const report = (done: number, total: number) => onProgress({ label: `Preparing ${name}`, done, total });
      return replica.load(files, Comlink.proxy(rank === 0 ? report : () => undefined));
    }),
  ]);
  return facts;
}

/** A channel between every two workers, for summing gradients. */
function connectAll(members: Member[]): void {
  if (members.length < 2) return;
  const ports: MessagePort[][] = members.map(() => []);
  for (let a = 0; a < members.length; a++) {
    for (let b = a + 1; b < members.length; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a]?.push(port1);
      ports[b]?.push(port2);
    }
  }
  members.forEach(({ replica }, rank) => {
    const own = ports[rank] as MessagePort[];
    void replica.connect(rank, Comlink.transfer(own, own));
  });
}

class EnginePool implements Engine {
  readonly device: DeviceInfo;
  readonly model: ModelInfo;
  readonly #members: Member[];
  #training: TrainingSettings | null = null;
  #policy: Policy = { kind: 'seed' };
  #jobs = 0;
  readonly #broken: Promise<never>;

  constructor(members: Member[], device: DeviceInfo, model: ModelInfo, broken: Promise<never>) {
    this.#members = members;
    this.device = device;
    this.model = model;
    this.#broken = broken;
  }

  async usePolicy(policy: Policy): Promise<void> {
    await this.#all(({ replica }) => replica.usePolicy(policy));
    this.#policy = policy;
  }

  async generate(
    tasks: GenerateTask[],
    sampling: Sampling,
    onCompletion: (completion: Completion) => void,
    options: { signal?: AbortSignal; onToken?: (task: number, sample: number, id: number) => void } = {},
  ): Promise<GenerateReport> {
    const start = performance.now();
    const shares = divideTasks(tasks, this.#members.length);
    let tokens = 0;
    await this.#cancellable(options.signal, (job) =>
      this.#allSettled(({ replica }, rank) => {
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
    return this.#spread(
      contexts,
      (ids) => ids.length,
      ({ replica }, share) => replica.nextTokenLogprobs(share, candidates),
    );
  }

  async continuationLogprobs(prompts: Int32Array[], options: Int32Array[]): Promise<Float32Array[]> {
    return this.#spread(
      prompts,
      (ids) => ids.length,
      ({ replica }, share) => replica.continuationLogprobs(share, options),
    );
  }

  async promptLogits(ids: Int32Array): Promise<Float32Array> {
    return this.#first(({ replica }) => replica.promptLogits(ids));
  }

  async sequenceLogprobs(sequences: Sequence[], signal?: AbortSignal): Promise<Float32Array[]> {
    const length = ({ prompt, completion }: Sequence) => prompt.length + completion.length;
    return this.#cancellable(signal, (job) =>
      this.#spread(sequences, length, ({ replica }, share) => replica.sequenceLogprobs(job, share)),
    );
  }

  async startTraining(settings: TrainingSettings, checkpoint?: TrainingCheckpoint): Promise<void> {
    await this.#all(({ replica }) => replica.startTraining(settings, checkpoint ?? null));
    this.#training = settings;
  }

  async dpoStep(pairs: PairExample[], loss: DpoLossSettings, learningRate: number): Promise<DpoStepMetrics> {
    const start = performance.now();
    const length = (pair: PairExample) => pair.prompt.length + pair.chosen.length + pair.rejected.length;
    const shares = divideBy(pairs, length, this.#members.length);
    const chosenTokens = pairs.reduce((sum, { chosen }) => sum + chosen.length, 0);
    const results = await this.#all(({ replica }, rank) => {
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
    const outcomes = Array<DpoShare['pairs'][number]>(pairs.length);
    results.forEach((result, rank) => {
      result.pairs.forEach((outcome, i) => (outcomes[shares[rank]?.[i]?.index as number] = outcome));
    });
    return dpoMetrics(pairs, outcomes, loss, {
      grad_norm: results[0]?.gradNorm as number,
      learning_rate: learningRate,
      seconds: (performance.now() - start) / 1000,
    });
  }

  async supervisedStep(batch: SupervisedExample[], learningRate: number): Promise<SupervisedStepMetrics> {
    const start = performance.now();
    const shares = divideBy(batch, ({ ids }) => ids.length, this.#members.length);
    const batchWeight = weightOf(batch);
    const results = await this.#all(({ replica }, rank) => {
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
    return this.#first(({ replica }) => replica.checkpointTraining());
  }

  async finishTraining(): Promise<Policy> {
    const [weights] = await this.#all(({ replica }) => replica.finishTraining());
    const bytes = weights as ArrayBuffer;
    const hash = await shortHash(bytes);
    const lora = this.#policy.kind === 'lora' ? this.#policy : this.#training?.lora;
    this.#training = null;
    this.#policy = lora
      ? { ...lora, kind: 'lora', hash, weights: bytes }
      : { kind: 'full', hash, weights: bytes };
    return this.#policy;
  }

  async memory(): Promise<MemoryReport> {
    const reports = await this.#all(({ replica }) => replica.memory());
    const sum = (of: keyof MemoryReport) => reports.reduce((total, report) => total + report[of], 0);
    return { tensors: sum('tensors'), bytes: sum('bytes'), allocated: sum('allocated') };
  }

  close(): void {
    for (const { worker, replica } of this.#members) {
      replica[Comlink.releaseProxy]();
      worker.terminate();
    }
  }

  #all<T>(call: (member: Member, rank: number) => Promise<T>): Promise<T[]> {
    return Promise.race([Promise.all(this.#members.map(call)), this.#broken]);
  }

  /**
   * Like `#all`, but an error waits until every worker has stopped: after a cancelled job nothing of it runs on, and
   * the next call may change the weights. Not for training steps, where a failed worker leaves the others waiting.
   */
  async #allSettled<T>(call: (member: Member, rank: number) => Promise<T>): Promise<T[]> {
    const calls = this.#members.map(call);
    await Promise.race([Promise.allSettled(calls), this.#broken]);
    return Promise.all(calls);
  }

  #first<T>(call: (member: Member) => Promise<T>): Promise<T> {
    return Promise.race([call(this.#members[0] as Member), this.#broken]);
  }

  /** Divides entries over the pool by length and puts the results back in order. */
  async #spread<T, R>(
    entries: T[],
    length: (entry: T) => number,
    call: (member: Member, share: T[]) => Promise<R[]>,
  ): Promise<R[]> {
    const shares = divideBy(entries, length, this.#members.length);
    const parts = await this.#allSettled((member, rank) =>
      call(
        member,
        (shares[rank] ?? []).map(({ entry }) => entry),
      ),
    );
    const results = Array<R>(entries.length);
    parts.forEach((part, rank) => {
      part.forEach((result, i) => (results[shares[rank]?.[i]?.index as number] = result));
    });
    return results;
  }

  async #cancellable<T>(signal: AbortSignal | undefined, run: (job: number) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const job = this.#jobs++;
    const cancel = () => {
      for (const { replica } of this.#members) void replica.cancel(job);
    };
    signal?.addEventListener('abort', cancel);
    try {
      return await run(job);
    } catch (error) {
      // Comlink rebuilds errors as plain Error objects; the signal knows what happened.
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }
}
