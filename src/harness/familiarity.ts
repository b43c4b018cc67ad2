import { promptIds } from '../judge/tokenizer.ts';
import type { Item } from '../judge/item.ts';
import type { Engine } from '../../workers/protocol.ts';
import type { OpenJudge } from './open-judge.ts';

/** Tokens that a judgment needs at least; a prompt that leaves less room cannot be judged. */
const ROOM = 24;

/**
 * Whether a judge's score means anything on an item. `foreign`: out of the distribution that the judge was trained on,
 * as its mean log-probability of the prompt (per token, in nats) shows.
 */
export type Familiarity =
  | { kind: 'familiar' }
  | { kind: 'foreign'; logprob: number; threshold: number }
  | { kind: 'too-long'; tokens: number; contextLength: number };

/** Whether this judge knows such an item: its prompt's mean token log-probability against the stored threshold. */
export async function familiarity(judge: OpenJudge, item: Item): Promise<Familiarity> {
  const { engine, tokenizer, protocol, facts } = judge;
  const prompt = promptIds(tokenizer, protocol, item);
  const { contextLength } = engine.model;
  if (prompt.length + ROOM > contextLength) return { kind: 'too-long', tokens: prompt.length, contextLength };
  const threshold = facts.promptLogprobPercentile1;
  if (threshold === undefined) return { kind: 'familiar' };
  const [logprob = 0] = await promptLogprobs(engine, [prompt]);
  return logprob < threshold ? { kind: 'foreign', logprob, threshold } : { kind: 'familiar' };
}

/** Mean log-probability per token of each prompt after its `<bos>`, under the engine's current policy. */
export async function promptLogprobs(engine: Engine, prompts: readonly Int32Array[]): Promise<number[]> {
  const sequences = prompts.map((ids) => ({ prompt: ids.subarray(0, 1), completion: ids.subarray(1) }));
  return (await engine.sequenceLogprobs(sequences)).map(mean);
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** The sentence under a greyed verdict; null where the verdict stands. */
export function warningOf(known: Familiarity): string | null {
  switch (known.kind) {
    case 'familiar':
      return null;
    case 'foreign':
      return 'This judge has never seen such a task; its score means nothing here.';
    case 'too-long':
      return (
        `This is longer than the judge can read (${known.tokens} of ${known.contextLength} tokens with no room ` +
        'to answer); it cannot be judged. Shorten the instruction or the response.'
      );
  }
}
