import type { Completion } from '../../../src/model/completion.ts';
import type { DpoLossSettings } from '../../../src/train/loss-settings.ts';
import type { DpoStepMetrics } from '../../../src/train/dpo-metrics.ts';
import type { GenerateTask } from '../../../src/model/generate-task.ts';
import type { PairExample } from '../../../src/train/pair-example.ts';
import type { Policy } from '../../../src/model/policy.ts';
import type { Sequence } from '../../../src/model/sequence.ts';
import type { TrainingSettings } from '../../../src/train/training-settings.ts';
import type { Engine } from '../../../workers/protocol.ts';
import { SCORES, type Item, type Score } from '../../../src/judge/item.ts';
import { itemId } from '../../../src/judge/item-id.ts';
import type { Sampling } from '../../../src/model/sampling.ts';
import { random, type Random } from '../../../src/judge/random.ts';
import type { TextTokenizer } from '../../../src/judge/tokenizer.ts';

/** One character a token; 0 ends, 1 begins. */
export const letters: TextTokenizer = {
  bos: 1,
  encode: (text) => Int32Array.from(text, (letter) => letter.charCodeAt(0)),
  decode: (ids) => String.fromCharCode(...Array.from(ids)),
};

/** Items whose response names its own worth. */
export function scriptedItems(name: string, count: number): Item[] {
  return Array.from({ length: count }, (_, i) => {
    const score = SCORES[i % 5]!;
    const content = { instruction: `${name} ${i}`, response: `worth ${score}`, criterion: 'worth' };
    return { id: itemId(content), ...content, score, rationale: `It is worth ${score}.`, slip: i % 7 === 0 };
  });
}

/**
 * A judge with one weight: its skill, the probability of a right score. DPO on right pairs raises it. Small, but
 * all of `Engine` that a run relies on holds: noise by (seed, round, key, sample), exact checkpoints, and
 * log-probabilities that depend on the policy and equal the reference's before the first step.
 */
export class ScriptedEngine implements Engine {
  readonly device = { backend: 'wasm' as const, device: 'script', workers: 1 };
  readonly model = {
    name: 'scripted', hash: 'seedhash', architecture: 'script', parameters: 1, layers: 0, hiddenSize: 0,
    vocabularySize: 128, contextLength: 512, bytes: 8,
  }; // prettier-ignore
  /** Rows drawn so far, as key/sample. */
  readonly drawn: string[] = [];
  skill = 0.4;
  /** What it writes instead of a grade, where a test asks something else. */
  answer: ((prompt: string) => string) | null = null;
  /** How probable it finds a continuation, not normalised. */
  likelihood: ((prompt: string, continuation: string) => number) | null = null;
  training = false;
  steps = 0;

  /** `pause` is awaited between rows, so that tests can interrupt. */
  constructor(private readonly between: () => Promise<void> = async () => {}) {}

  async usePolicy(policy: Policy) {
    if (this.training) throw new Error('The policy was changed during training.');
    this.skill = policy.kind === 'seed' ? 0.4 : new Float64Array(policy.weights)[0]!;
  }

  async generate(
    tasks: GenerateTask[],
    sampling: Sampling,
    onCompletion: (completion: Completion) => void,
    options: { signal?: AbortSignal } = {},
  ) {
    let tokens = 0;
    for (const [task, { key, prompt, samples }] of tasks.entries())
      for (const sample of samples) {
        await this.between();
        options.signal?.throwIfAborted();
        const completion = this.#write(prompt, key, sample, sampling);
        this.drawn.push(`${sampling.round}/${key}/${sample}`);
        tokens += completion.ids.length;
        onCompletion({ task, ...completion });
      }
    return { promptTokens: 0, tokens, seconds: 0.001 };
  }

  #write(prompt: Int32Array, key: number, sample: number, { seed, round, temperature }: Sampling) {
    const next = temperature === 0 ? random('greedy', key) : random(seed, round, key, sample);
    const words = this.answer?.(letters.decode(prompt)) ?? this.#grade(prompt, next);
    const ids = Int32Array.from([
      ...letters.encode(words + (temperature === 0 ? '' : ' '.repeat(sample))),
      0,
    ]);
    return { sample, ids, logprobs: this.#logprobs(ids), finished: true };
  }

  #grade(prompt: Int32Array, next: Random): string {
    const label = Number(/worth (\d)/.exec(letters.decode(prompt))![1]) as Score;
    const right = next() < this.skill;
    const score = right ? label : (label % 5) + 1;
    return next() < 0.9 ? `It is worth ${label}. Score: ${score}` : 'I do not know';
  }

  #logprobs(ids: Int32Array): Float32Array {
    return Float32Array.from(ids, (id) => -(1 + (id % 7) * this.skill) / 8);
  }

  async continuationLogprobs(prompts: Int32Array[], options: Int32Array[]) {
    await this.between();
    const { likelihood } = this;
    if (!likelihood) throw new Error('Not scripted.');
    return prompts.map((prompt) =>
      Float32Array.from(options, (option) =>
        Math.log(likelihood(letters.decode(prompt), letters.decode(option))),
      ),
    );
  }

  promptLogits(): Promise<Float32Array> {
    return Promise.reject(new Error('Not scripted.'));
  }

  async nextTokenLogprobs(contexts: Int32Array[], candidates: number[]) {
    if (this.likelihood) return this.continuationLogprobs(contexts, candidates.map((id) => Int32Array.of(id))); // prettier-ignore
    return contexts.map(() => Float32Array.from(candidates, (_, i) => -i * this.skill));
  }

  async sequenceLogprobs(sequences: Sequence[]) {
    return sequences.map(({ completion }) => this.#logprobs(completion));
  }

  async startTraining(_settings: TrainingSettings, checkpoint?: ArrayBuffer) {
    if (this.training) throw new Error('Training was started twice.');
    this.training = true;
    if (checkpoint) this.skill = new Float64Array(checkpoint)[0]!;
  }

  async dpoStep(
    pairs: PairExample[],
    { beta }: DpoLossSettings,
    learningRate: number,
  ): Promise<DpoStepMetrics> {
    if (!this.training) throw new Error('A step outside of training.');
    await this.between();
    const sum = (ids: Int32Array) => this.#logprobs(ids).reduce((a, b) => a + b, 0);
    const margins = pairs.map(
      (pair) =>
        beta * (sum(pair.chosen) - pair.referenceChosen - (sum(pair.rejected) - pair.referenceRejected)),
    );
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const dpo = mean(margins.map((margin) => Math.log1p(Math.exp(-margin))));
    const right = pairs.filter((pair) => letters.decode(pair.chosen).includes('worth')).length;
    this.skill = Math.min(1, this.skill + 0.004 * right);
    this.steps += 1;
    return {
      loss: dpo, 'loss/dpo': dpo, 'loss/sft': 0, 'rewards/chosen': 0, 'rewards/rejected': 0,
      'rewards/margins': mean(margins), 'rewards/accuracies': 0, 'logps/chosen': 0, 'logps/rejected': 0,
      entropy: 1, 'logits/chosen': 0, 'logits/rejected': 0, mean_token_accuracy: 0,
      grad_norm: 1, learning_rate: learningRate, tokens: 100, seconds: 0.001,
      pairs: pairs.map((pair) => ({ chosen: sum(pair.chosen), rejected: sum(pair.rejected) })),
    }; // prettier-ignore
  }

  async supervisedStep(): Promise<never> {
    throw new Error('A run takes no supervised steps.');
  }

  async checkpointTraining() {
    return Float64Array.of(this.skill).buffer;
  }

  async finishTraining(): Promise<Policy> {
    this.training = false;
    const weights = Float64Array.of(this.skill).buffer;
    return { kind: 'full', hash: `skill ${this.skill.toFixed(6)}`, weights };
  }

  async memory() {
    return { tensors: 0, bytes: 0, allocated: 0 };
  }
  readonly lost = new Promise<never>(() => {});

  close() {}
}
