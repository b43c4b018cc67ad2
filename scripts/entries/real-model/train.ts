/** The two trainings: on people's votes, then on the judge's own rationales. */
import type { HumanComparison } from '../../../src/data/import/human-comparisons.ts';
import type { Item, Score } from '../../../src/judge/item.ts';
import type { Winner } from '../../../src/judge/winner.ts';
import { fewShotPairScores, fewShotPoint, renderFewShotPair } from '../../../src/judge/protocols/few-shot.ts';
import { correctAnswer } from '../../../src/rationalize/curation/correct-answer.ts';
import { pickPairs } from '../../../src/rationalize/curation/pick-pairs.ts';
import { random } from '../../../src/judge/random.ts';
import type { Completion } from '../../../src/model/completion.ts';
import type { OptimizerSettings } from '../../../src/train/optimizer-settings.ts';
import type { PairExample } from '../../../src/train/pair-example.ts';
import type { SupervisedExample } from '../../../src/train/supervised-example.ts';
import type { TrainingSettings } from '../../../src/train/training-settings.ts';
import { promptOf, type Judge } from './measure.ts';

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
export function supervisedExamples(judge: Judge, items: readonly HumanComparison[]): SupervisedExample[] {
  return items.flatMap(({ instruction, responses, vote }) => {
    const [a, b] = responses;
    const [first, second] = SCORES_OF[vote];
    return [
      example(judge, renderFewShotPair({ instruction, responses: [a, b] }), fewShotPairScores(first, second)),
      example(judge, renderFewShotPair({ instruction, responses: [b, a] }), fewShotPairScores(second, first)),
    ];
  });
}

function example(judge: Judge, promptText: string, target: string): SupervisedExample {
  const prompt = promptOf(judge, promptText);
  const line = judge.tokenizer.encode(target);
  const weights = new Float32Array(prompt.length + line.length).fill(1, prompt.length);
  return { ids: Int32Array.from([...prompt, ...line]), weights };
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
  judge: Judge,
  items: readonly Item[],
  samples: number,
  most: number,
): Promise<SampledPairs> {
  const prompts = items.map((item) => promptOf(judge, fewShotPoint.render(item)));
  const numbers = Array.from({ length: samples }, (_, sample) => sample);
  const tasks = prompts.map((prompt, key) => ({ key, prompt, samples: numbers }));
  const rows: Completion[][] = prompts.map(() => []);
  const { tokens, seconds } = await judge.engine.generate(tasks, SAMPLING, (row) =>
    rows[row.task]?.push(row),
  );
  const read = rows.map((completions) =>
    completions.toSorted((a, b) => a.sample - b.sample).map((completion) => readSample(judge, completion)),
  );
  const candidates = items.map((item, i) => correctAnswer(item, read[i] ?? [], { margin: 1 }).pairs);
  const chosen = candidates.flatMap((pairs, i) =>
    pickPairs(pairs, most, random('real-model', 'pairs', i)).map(([good, bad]) => ({ i, good, bad })),
  );
  const all = read.flat();
  return {
    pairs: await withReference(judge, chosen.map(({ i, good, bad }) => ({ prompt: prompts[i] as Int32Array, chosen: good.ids, rejected: bad.ids }))), // prettier-ignore
    judgments: all.length,
    parseFailures: all.filter(({ verdict }) => verdict.kind === 'failure').length / all.length,
    itemsWithPairs: candidates.filter((pairs) => pairs.length > 0).length,
    tokensPerSecond: tokens / seconds,
  };
}

/**
 * A pretrained model does not end after its judgment but goes on with an entry of its own. The judgment is its first
 * paragraph; the tokens up to there are what is trained on, and it counts as complete when that paragraph ended.
 */
function readSample({ tokenizer }: Judge, { ids }: Completion) {
  const end = ids.findIndex((_, i) => tokenizer.decode(ids.subarray(0, i + 1)).includes('\n\n'));
  const own = end < 0 ? ids : ids.subarray(0, end + 1);
  const text = tokenizer.decode(own);
  return { ids: own, text, finished: end >= 0, ...fewShotPoint.parse(text) };
}

async function withReference(
  { engine }: Judge,
  pairs: Pick<PairExample, 'prompt' | 'chosen' | 'rejected'>[],
): Promise<PairExample[]> {
  const sequences = pairs.flatMap(({ prompt, chosen, rejected }) => [
    { prompt, completion: chosen },
    { prompt, completion: rejected },
  ]);
  const sums = (await engine.sequenceLogprobs(sequences)).map((row) => row.reduce((a, b) => a + b, 0));
  return pairs.map((pair, i) => ({
    ...pair,
    referenceChosen: sums[2 * i] as number,
    referenceRejected: sums[2 * i + 1] as number,
  }));
}
