/** The two trainings: on people's votes, then on the judge's own rationales. */
import { judgmentsOf } from '../../../src/harness/judge-items.ts';
import { pairExamples } from '../../../src/harness/references.ts';
import type { Workbench } from '../../../src/harness/workbench.ts';
import type { Item, Score } from '../../../src/judge/item.ts';
import { fewShotPair } from '../../../src/judge/protocols/few-shot-pair.ts';
import { random } from '../../../src/judge/random.ts';
import { promptIds, type TextTokenizer } from '../../../src/judge/tokenizer.ts';
import type { Winner } from '../../../src/judge/winner.ts';
import { correctAnswer } from '../../../src/rationalize/curation/correct-answer.ts';
import { pickPairs } from '../../../src/rationalize/curation/pick-pairs.ts';
import type {
  OptimizerSettings,
  PairExample,
  SupervisedExample,
  TrainingSettings,
} from '../../../workers/protocol.ts';
import type { VotedComparison } from './data.ts';
import { spending } from './spent.ts';

const OPTIMIZER: OptimizerSettings = {
  learningRate: 2e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradNorm: 1,
};

export const LORA: TrainingSettings = { lora: { rank: 16, alpha: 32 }, optimizer: OPTIMIZER, seed: 1 };

const SCORES_OF: Readonly<Record<Winner, readonly [Score, Score]>> = { 1: [5, 2], 0: [4, 4], [-1]: [2, 5] };

/** A vote as a score line, in both orders of the answers; only the line itself bears loss. */
export function supervisedExamples(
  tokenizer: TextTokenizer,
  items: readonly VotedComparison[],
): SupervisedExample[] {
  return items.flatMap((item) => {
    const [first, second] = SCORES_OF[item.vote];
    const example = (order: readonly number[], line: string) =>
      completing(promptIds(tokenizer, fewShotPair, item, { order }), tokenizer.encode(line));
    return [
      example([0, 1], fewShotPair.scoreLine(first, second)),
      example([1, 0], fewShotPair.scoreLine(second, first)),
    ];
  });
}

function completing(prompt: Int32Array, completion: Int32Array): SupervisedExample {
  const weights = new Float32Array(prompt.length + completion.length).fill(1, prompt.length);
  return { ids: Int32Array.from([...prompt, ...completion]), weights };
}

export interface SampledPairs {
  pairs: PairExample[];
  judgments: number;
  parseFailures: number;
  itemsWithPairs: number;
  tokensPerSecond: number;
}

const SAMPLING = { temperature: 1, topP: 1, maxTokens: 80, seed: 1, round: 1 };

/** N rationales of each item, and pairs of them by the correct-answer strategy, margin 1. */
export async function samplePairs(
  bench: Workbench,
  policy: string,
  items: readonly Item[],
  samples: number,
  most: number,
): Promise<SampledPairs> {
  const { spent, onSpent } = spending();
  const { protocol } = bench;
  const judged = await judgmentsOf(bench, { stage: 'sample', policy, protocol, items, samples, sampling: SAMPLING, onSpent }); // prettier-ignore
  const candidates = items.map((item) => correctAnswer(item, judged.get(item.id) ?? [], { margin: 1 }).pairs);
  const chosen = candidates.flatMap((pairs, i) =>
    pickPairs(pairs, most, random('real-model', 'pairs', i)).map(([good, bad]) => ({
      itemId: items[i]!.id,
      chosen: good.id,
      rejected: bad.id,
    })),
  );
  const all = [...judged.values()].flat();
  return {
    pairs: await pairExamples(bench, chosen, new Map(items.map((item) => [item.id, item])), policy),
    judgments: all.length,
    parseFailures: all.filter(({ verdict }) => verdict.kind === 'failure').length / all.length,
    itemsWithPairs: candidates.filter((pairs) => pairs.length > 0).length,
    tokensPerSecond: spent.tokens / spent.seconds,
  };
}
