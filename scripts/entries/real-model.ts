/**
 * The headless side of `npm run real-model`: a pretrained model judges, learns from people's votes, then from its own
 * rationales, and is measured after each. Every finished stage is kept, so that the same command goes on.
 */
import { dpoWithSft } from '../../src/train/loss-settings.ts';
import type { DpoStepMetrics, Policy, SupervisedStepMetrics } from '../../workers/protocol.ts';
import { MemoryJudgmentStore } from '../../src/harness/memory-judgment-store.ts';
import { quietWorkbench, type Workbench } from '../../src/harness/workbench.ts';
import { fewShotPoint } from '../../src/judge/protocols/few-shot.ts';
import type { Host } from '../host.ts';
import { openLocalJudge } from './local-model.ts';
import { comparisons, measuredItems, sampledItems } from './real-model/data.ts';
import { measurePairs, measurePoints, type PairMeasures, type PointMeasures } from './real-model/measure.ts';
import { LORA, samplePairs, supervisedExamples, type SampledPairs } from './real-model/train.ts';

export interface RealModelArgs {
  backend: string;
  /** Items of each measurement, and items that rationales are sampled for. */
  items: number;
  supervised: { steps: number; batch: number };
  samples: number;
  dpo: { steps: number; batch: number };
}

interface Measured {
  pair: PairMeasures;
  point: PointMeasures;
}

type Step = Pick<SupervisedStepMetrics, 'loss' | 'grad_norm' | 'tokens' | 'seconds'>;
type DpoStep = Step & Pick<DpoStepMetrics, 'rewards/margins' | 'rewards/accuracies'>;

/** What is finished; the trained adapters lie beside it as safetensors. */
export interface RealModelState {
  args: RealModelArgs;
  model?: { name: string; hash: string; parameters: number; bytes: number; workers: number };
  before?: Measured;
  supervised?: Step[];
  afterSupervised?: Measured;
  sampled?: Omit<SampledPairs, 'pairs'> & { pairs: number };
  dpo?: DpoStep[];
  after?: Measured;
  /** Most that the workers' backends had taken from the system. */
  peakBytes: number;
}

const STATE = 'state.json';
const LEARNING_RATE = { supervised: 2e-4, dpo: 5e-5 };
const PAIRS_PER_ITEM = 4;

export default async function realModel(args: RealModelArgs, host: Host): Promise<RealModelState> {
  const judge = await openLocalJudge(args.backend, fewShotPoint);
  try {
    const bench = quietWorkbench(judge, new MemoryJudgmentStore());
    return await new RealModelRun(bench, host, await readState(args, host)).toEnd();
  } finally {
    judge.engine.close();
  }
}

async function readState(args: RealModelArgs, host: Host): Promise<RealModelState> {
  const bytes = await host.readFile(STATE);
  if (!bytes) return { args, peakBytes: 0 };
  const state = JSON.parse(new TextDecoder().decode(bytes)) as RealModelState;
  if (JSON.stringify(state.args) !== JSON.stringify(args))
    throw new Error('This folder holds a run with other settings; name another folder.');
  return state;
}

class RealModelRun {
  constructor(
    private readonly bench: Workbench,
    private readonly host: Host,
    private readonly state: RealModelState,
  ) {}

  async toEnd(): Promise<RealModelState> {
    const { model, device } = this.bench.engine;
    const { name, hash, parameters, bytes } = model;
    await this.#keep({ model: { name, hash, parameters, bytes, workers: device.workers } });
    if (!this.state.before) await this.#keep({ before: await this.#measure(hash) });
    if (!this.state.supervised) await this.#keep({ supervised: await this.#supervise() });
    if (!this.state.afterSupervised)
      await this.#keep({ afterSupervised: await this.#measure(await this.#stored('supervised')) });
    if (!this.state.dpo) await this.#preferences();
    if (!this.state.after) await this.#keep({ after: await this.#measure(await this.#stored('dpo')) });
    return this.state;
  }

  /** @param policy hash of the judge as published, or of a stored adapter */
  async #measure(policy: string): Promise<Measured> {
    const { items } = this.state.args;
    const pair = await measurePairs(this.bench, policy, (await comparisons('heldout')).slice(0, items));
    this.host.log(`pair: ${JSON.stringify(pair)}`);
    const point = await measurePoints(this.bench, policy, (await measuredItems()).slice(0, items));
    this.host.log(`point: ${JSON.stringify(point)}`);
    return { pair, point };
  }

  async #supervise(): Promise<Step[]> {
    const { steps, batch } = this.state.args.supervised;
    const { engine } = this.bench;
    const rows = (await comparisons('train')).slice(0, Math.ceil((steps * batch) / 2));
    const examples = supervisedExamples(this.bench.tokenizer, rows);
    const done: Step[] = [];
    await this.bench.policy.use(engine.model.hash);
    await engine.startTraining(LORA);
    for (let step = 0; step < steps; step++) {
      const part = examples.slice(step * batch, (step + 1) * batch);
      const { loss, grad_norm, tokens, seconds } = await engine.supervisedStep(
        part,
        LEARNING_RATE.supervised,
      );
      done.push({ loss, grad_norm, tokens, seconds });
      this.host.log(`supervised ${step + 1}/${steps}: loss ${loss.toFixed(4)}, ${(tokens / seconds).toFixed(0)} tokens/s`); // prettier-ignore
      await this.#notePeak();
    }
    await this.#storeAdapter('supervised', await engine.finishTraining());
    return done;
  }

  async #preferences(): Promise<void> {
    const { items, samples, dpo } = this.state.args;
    const { engine } = this.bench;
    const policy = await this.#stored('supervised');
    const { pairs, ...sampled } = await samplePairs(
      this.bench,
      policy,
      (await sampledItems()).slice(0, items),
      samples,
      PAIRS_PER_ITEM,
    );
    await this.#keep({ sampled: { ...sampled, pairs: pairs.length } });
    if (pairs.length === 0)
      throw new Error('No rationale gave a true score beside a wrong one: no pairs to train on.');
    const done: DpoStep[] = [];
    await this.bench.policy.use(policy);
    await engine.startTraining(LORA);
    for (let step = 0; step < dpo.steps; step++) {
      const part = Array.from({ length: dpo.batch }, (_, i) => pairs[(step * dpo.batch + i) % pairs.length]!);
      const metrics = await engine.dpoStep(part, dpoWithSft(0.1, 0), LEARNING_RATE.dpo);
      const { loss, grad_norm, tokens, seconds } = metrics;
      const margins = metrics['rewards/margins'];
      done.push({ loss, grad_norm, tokens, seconds, 'rewards/margins': margins, 'rewards/accuracies': metrics['rewards/accuracies'] }); // prettier-ignore
      this.host.log(`DPO ${step + 1}/${dpo.steps}: loss ${loss.toFixed(4)}, margin ${margins.toFixed(3)}, ${(tokens / seconds).toFixed(0)} tokens/s`); // prettier-ignore
      await this.#notePeak();
    }
    await this.#storeAdapter('dpo', await engine.finishTraining());
    await this.#keep({ dpo: done });
  }

  async #storeAdapter(stage: 'supervised' | 'dpo', policy: Policy): Promise<void> {
    this.bench.policy.became(null);
    if (policy.kind !== 'lora') throw new Error('LoRA training ended without an adapter.');
    await this.host.writeFile(`${stage}.safetensors`, new Uint8Array(policy.weights));
  }

  /** Puts the adapter of a finished stage where the workbench finds it. @returns its hash there */
  async #stored(stage: 'supervised' | 'dpo'): Promise<string> {
    const bytes = await this.host.readFile(`${stage}.safetensors`);
    if (!bytes || !LORA.lora) throw new Error(`${stage}.safetensors is missing from the work folder.`);
    await this.bench.store.putPolicy({ kind: 'lora', hash: stage, ...LORA.lora, weights: bytes.buffer });
    return stage;
  }

  async #notePeak(): Promise<void> {
    const { allocated } = await this.bench.engine.memory();
    this.state.peakBytes = Math.max(this.state.peakBytes, allocated);
  }

  async #keep(part: Partial<RealModelState>): Promise<void> {
    Object.assign(this.state, part);
    await this.#notePeak();
    await this.host.writeFile(STATE, JSON.stringify(this.state, null, 2));
  }
}
