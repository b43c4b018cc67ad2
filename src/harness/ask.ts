import { scoreProbabilities } from '../evaluate/expected-score.ts';
import type { Item } from '../judge/item.ts';
import type { Sampling } from '../model/sampling.ts';
import type { Reading } from '../judge/protocol.ts';
import { ownPart } from '../judge/own-part.ts';
import { readVerdict } from '../judge/own-verdict.ts';
import { promptIds } from '../judge/tokenizer.ts';
import { noiseKey } from './sampling-plan.ts';
import { contextOfScore, scoreTokens } from './score-distribution.ts';
import type { Completion } from '../model/completion.ts';
import type { Policy } from '../model/policy.ts';
import type { OpenJudge } from './judge-facts.ts';

/** Judgments by hand are cut here; the embedded judge's longest are about 110 tokens. */
const MAX_TOKENS = 160;

export interface Question {
  item: Item;
  samples: number[];
  temperature: number;
  seed: number;
  policy?: Policy;
}

/** A judgment by hand: nothing of it is stored. */
export interface HandJudgment extends Reading {
  sample: number;
  /** The text in pieces, one per token, the token that ended it left out. */
  pieces: string[];
  logprobs: Float32Array;
  text: string;
  ids: Int32Array;
  finished: boolean;
}

/** Puts the question; each answer is told as it is finished, and each token as it is drawn. */
export async function ask(
  judge: OpenJudge,
  question: Question,
  onJudgment: (judgment: HandJudgment) => void,
  options: { signal?: AbortSignal; onToken?: (sample: number, id: number) => void } = {},
): Promise<void> {
  const { engine, tokenizer, protocol } = judge;
  const prompt = promptIds(tokenizer, protocol, question.item);
  const task = { key: noiseKey(question.item.id), prompt, samples: question.samples };
  await engine.usePolicy(question.policy ?? { kind: 'seed' });
  await engine.generate(
    [task],
    samplingOf(question, engine.model.contextLength - prompt.length),
    (completion) => onJudgment(read(judge, question.item, completion)),
    {
      ...(options.signal && { signal: options.signal }),
      onToken: (_task, sample, id) => options.onToken?.(sample, id),
    },
  );
}

/** Round 0 is never a run's, so that a judgment by hand does not repeat a run's noise. */
function samplingOf({ temperature, seed }: Question, room: number): Sampling {
  return { temperature, topP: 1, maxTokens: Math.max(1, Math.min(MAX_TOKENS, room)), seed, round: 0 };
}

function read({ tokenizer, protocol }: OpenJudge, item: Item, completion: Completion): HandJudgment {
  const { sample } = completion;
  const { ids, logprobs, finished, text } = ownPart(tokenizer, protocol, completion);
  const pieces = piecesOf(finished ? ids.subarray(0, -1) : ids, tokenizer);
  const reading = readVerdict(protocol, text, item);
  return { sample, pieces, logprobs, text, ids, finished, ...reading };
}

/** The text that each id adds. Byte tokens that complete a character together count for the last of them. */
export function piecesOf(ids: Int32Array, tokenizer: { decode(ids: Int32Array): string }): string[] {
  let before = '';
  return Array.from(ids, (_, index) => {
    const text = tokenizer.decode(ids.subarray(0, index + 1));
    if (text.endsWith('\uFFFD')) return '';
    const piece = text.slice(before.length);
    before = text;
    return piece;
  });
}

/**
 * p(1…5) at the place where the judgment's score stands, given its rationale; null where it has none.
 * The policy that wrote the judgment must still be current.
 */
export async function scoreDistribution(
  judge: OpenJudge,
  item: Item,
  judgment: HandJudgment,
): Promise<number[] | null> {
  const { engine } = judge;
  const context = contextOfScore(judge, item, judgment);
  if (!context) return null;
  const [logprobs] = await engine.nextTokenLogprobs([context], scoreTokens(judge));
  return logprobs ? scoreProbabilities(logprobs) : null;
}
