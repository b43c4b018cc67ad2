import * as Comlink from 'comlink';
import { EngineLostError } from '../src/harness/engine-loss.ts';
import type { ModelFolder } from '../src/model/formats/model-folder.ts';
import { divideBy, inOrder } from './divide.ts';
import engineWorkerUrl from './engine.worker.ts?worker&url';
import { PATIENCE, type LifeSign, type Patience } from './life-signs.ts';
import type { LoadingProgress } from './model-files.ts';
import type { Activity } from './protocol.ts';
import type { ModelFacts, Replica } from './replica.ts';
import { raceAgainst } from './race-against.ts';
import { trustedWorkerUrl } from './trusted-url.ts';
import { Vigil } from './vigil.ts';

export interface Member {
  worker: Worker;
  replica: Comlink.Remote<Replica>;
  /** Where its signs of life arrive. */
  signs: MessagePort;
  vigil: Vigil;
}

export interface ReplicasOptions {
  onActivity?: ((activity: Activity) => void) | undefined;
  patience?: Patience | undefined;
}

/** The page counts its own time in such steps: a step in which it was frozen counts as one. */
const TICK_MS = 1000;

/** The engine's workers, in rank order, and the ways to call them. No call waits for a worker that died. */
export class Replicas {
  readonly #members: Member[];
  /** Resolves when the workers are gone, however they went. */
  readonly lost: Promise<EngineLostError>;
  readonly #race: ReturnType<typeof raceAgainst>;
  #lose: (error: EngineLostError) => void = () => undefined;
  #jobs = 0;
  #pending = 0;
  #ended = false;
  #activity: Activity = 'idle';
  readonly #onActivity: (activity: Activity) => void;
  readonly #clock: ReturnType<typeof setInterval>;

  /** Starts this many workers; they hold no model yet. */
  constructor(count: number, { onActivity = () => undefined, patience = PATIENCE }: ReplicasOptions = {}) {
    this.#onActivity = onActivity;
    this.#members = Array.from({ length: count }, () => openMember(patience));
    this.lost = new Promise((resolve) => (this.#lose = resolve));
    this.#race = raceAgainst(this.lost.then((error) => Promise.reject(error)));
    for (const member of this.#members) this.#follow(member);
    const tick = Math.min(TICK_MS, patience.leastMs / 4);
    let last = performance.now();
    this.#clock = setInterval(() => {
      const now = performance.now();
      this.#watch(Math.min(tick, now - last));
      last = now;
    }, tick);
  }

  /** Hears how a worker goes: of itself, or because the browser says so. */
  #follow({ worker, signs, vigil }: Member): void {
    signs.onmessage = ({ data }: MessageEvent<LifeSign>) => {
      vigil.hear(data);
      if (data.kind === 'lost') this.#end(new EngineLostError(data.loss, data.detail));
      else if (this.#activity === 'stalled') this.#tell();
    };
    // An error that nobody caught; a worker whose script did not even load has no message.
    worker.onerror = (event: Event) => {
      const detail = event instanceof ErrorEvent ? event.message : 'its program did not load';
      this.#end(new EngineLostError('worker-crashed', detail));
    };
    worker.onmessageerror = () =>
      this.#end(new EngineLostError('worker-crashed', 'a message from it could not be read'));
  }

  #watch(elapsed: number): void {
    for (const { vigil } of this.#members) vigil.wait(elapsed);
    const silent = this.#members.find(({ vigil }) => vigil.silent);
    if (!silent) {
      this.#tell();
      return;
    }
    const seconds = Math.round(silent.vigil.waited / 1000);
    this.#end(new EngineLostError('worker-silent', `not heard for ${seconds} seconds`));
  }

  get count(): number {
    return this.#members.length;
  }

  /** A channel between every two workers, for summing gradients. */
  connect(): void {
    if (this.count < 2) return;
    const ports: MessagePort[][] = this.#members.map(() => []);
    for (let a = 0; a < this.count; a++) {
      for (let b = a + 1; b < this.count; b++) {
        const { port1, port2 } = new MessageChannel();
        ports[a]?.push(port1);
        ports[b]?.push(port2);
      }
    }
    this.#members.forEach(({ replica }, rank) => {
      const own = ports[rank] as MessagePort[];
      void replica.connect(rank, Comlink.transfer(own, own));
    });
  }

  /** Each worker reads the model's files for itself; the first speaks for all. */
  async load(
    files: ModelFolder,
    name: string,
    onProgress: (progress: LoadingProgress) => void,
  ): Promise<ModelFacts> {
    const report = (done: number, total: number) => onProgress({ label: `Preparing ${name}`, done, total });
    const [facts] = await Promise.all([
      this.first(({ replica }) => replica.describe(files)),
      this.all(({ replica }, rank) =>
        replica.load(files, Comlink.proxy(rank === 0 ? report : () => undefined)),
      ),
    ]);
    return facts;
  }

  all<T>(call: (member: Member, rank: number) => Promise<T>): Promise<T[]> {
    return this.unlessBroken(() => Promise.all(this.#members.map(call)));
  }

  /**
   * Like `all`, but an error waits until every worker has stopped: after a cancelled job nothing of it runs on, and
   * the next call may change the weights. Not for training steps, where a failed worker leaves the others waiting.
   */
  async allSettled<T>(call: (member: Member, rank: number) => Promise<T>): Promise<T[]> {
    let calls: Promise<T>[] = [];
    await this.unlessBroken(() => Promise.allSettled((calls = this.#members.map(call))));
    return Promise.all(calls);
  }

  first<T>(call: (member: Member) => Promise<T>): Promise<T> {
    return this.unlessBroken(() => call(this.#members[0] as Member));
  }

  /** Divides entries over the workers by length and puts the results back in order. */
  async spread<T, R>(
    entries: T[],
    length: (entry: T) => number,
    call: (member: Member, share: T[]) => Promise<R[]>,
  ): Promise<R[]> {
    const shares = divideBy(entries, length, this.count);
    const parts = await this.allSettled((member, rank) =>
      call(
        member,
        (shares[rank] ?? []).map(({ entry }) => entry),
      ),
    );
    return inOrder(shares, parts);
  }

  /** Runs a job, which the signal cancels on every worker. */
  async cancellable<T>(signal: AbortSignal | undefined, run: (job: number) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const job = this.#jobs++;
    const cancel = () => {
      if (!this.#ended) for (const { replica } of this.#members) void replica.cancel(job);
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

  /** What comes of asking the workers, or the error that one of them died of; the dead are not asked. */
  async unlessBroken<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#ended) throw await this.lost;
    this.#pending++;
    this.#tell();
    try {
      return await this.#race(ask());
    } finally {
      this.#pending--;
      this.#tell();
    }
  }

  /** Ends the workers at once; whoever waits for them gets an EngineLostError. */
  close(): void {
    this.#end(new EngineLostError('ended'));
  }

  #tell(): void {
    const late = this.#members.some(({ vigil }) => vigil.late);
    const activity = late ? 'stalled' : this.#pending > 0 ? 'working' : 'idle';
    if (this.#ended || activity === this.#activity) return;
    this.#activity = activity;
    this.#onActivity(activity);
  }

  /** One lost worker takes the others with it: each holds a copy of the same weights, in step with the others. */
  #end(loss: EngineLostError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#lose(loss);
    clearInterval(this.#clock);
    for (const { worker, replica, signs } of this.#members) {
      // Comlink keeps a worker until the proxy on it is collected, and the worker's listeners lead back to us and the proxy:
      // both would stay for ever, with all that waits for the worker (a FinalizationRegistry holds its values strongly).
      replica[Comlink.releaseProxy]();
      worker.onerror = null;
      worker.onmessageerror = null;
      worker.terminate();
      signs.close();
    }
  }
}

function openMember(patience: Patience): Member {
  const worker = new Worker(trustedWorkerUrl(engineWorkerUrl), { type: 'module' });
  const replica = Comlink.wrap<Replica>(worker);
  const { port1: signs, port2 } = new MessageChannel();
  void replica.tellLife(Comlink.transfer(port2, [port2]));
  return { worker, replica, signs, vigil: new Vigil(patience) };
}
