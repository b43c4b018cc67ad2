/** How well a judge that was not made to be one agrees with people, with itself, and with GPT-4's scores. */
import { sampleCorrelation } from 'simple-statistics';
import type { HumanComparison } from '../../../src/data/import/human-comparisons.ts';
import { swapReport, type SwapReport } from '../../../src/evaluate/swap.ts';
import { SCORES, type Item, type Score } from '../../../src/judge/item.ts';
import { fewShotPairScores, fewShotPoint, renderFewShotPair } from '../../../src/judge/protocols/few-shot.ts';
import type { Winner } from '../../../src/judge/winner.ts';
import type { Tokenizer } from '../../../src/model/formats/tokenizer.ts';
import type { Engine } from '../../../workers/protocol.ts';

export interface Judge {
  engine: Engine;
  tokenizer: Tokenizer;
}

export interface PairMeasures extends SwapReport {
  /** Share of items whose verdict, as first shown, is the majority of three people's. */
  agreement: number;
  /** Share of greedy continuations that do not begin with two scores from 1 to 5. */
  parseFailures: number;
  /** Prompt tokens a second, prompts computed for the verdicts alone. */
  prefillTokensPerSecond: number;
}

export interface PointMeasures {
  items: number;
  /** Pearson's r between expected score and label; null where either is constant. */
  correlation: number | null;
  meanAbsoluteError: number;
  parseFailures: number;
  generatedTokens: number;
  /** Generated tokens a second, the prompts' computation included. */
  tokensPerSecond: number;
}

export const promptOf = ({ tokenizer }: Judge, text: string) => tokenizer.encode(text, { addSpecial: true });

const greedy = (maxTokens: number) => ({ temperature: 0, topP: 1, seed: 0, round: 0, maxTokens });

/** All 25 score lines; their probabilities give those of "first wins", "tie" and "second wins". */
const SCORE_LINES = SCORES.flatMap((first) =>
  SCORES.map((second) => ({ winner: Math.sign(first - second) as Winner, first, second })),
);

/** Every comparison in both orders, the verdict read from the probabilities of the score lines. */
export async function measurePairs(judge: Judge, items: readonly HumanComparison[]): Promise<PairMeasures> {
  const { engine, tokenizer } = judge;
  const turned = items.map(({ instruction, responses: [a, b] }) => ({
    instruction,
    responses: [b, a] as const,
  }));
  const prompts = [...items, ...turned].map((item) => promptOf(judge, renderFewShotPair(item)));
  const options = SCORE_LINES.map(({ first, second }) => tokenizer.encode(fewShotPairScores(first, second)));
  const start = performance.now();
  const rows = await engine.continuationLogprobs(prompts, options);
  const seconds = (performance.now() - start) / 1000;
  const winners = rows.map(likeliestWinner);
  const shown = winners.slice(0, items.length);
  const tokens = prompts.reduce((sum, { length }) => sum + length, 0);
  const texts = await continuations(judge, prompts, 8);
  return {
    ...swapReport(shown.map((winner, i) => [winner, winners[items.length + i] as Winner] as const)),
    agreement: items.filter(({ vote }, i) => vote === shown[i]).length / items.length,
    parseFailures: texts.filter((text) => !/^ ?[1-5] [1-5](?!\d)/.test(text)).length / texts.length,
    prefillTokensPerSecond: tokens / seconds,
  };
}

function likeliestWinner(logprobs: Float32Array): Winner {
  const mass = (winner: Winner) =>
    SCORE_LINES.reduce(
      (sum, line, i) => sum + (line.winner === winner ? Math.exp(logprobs[i] as number) : 0),
      0,
    );
  const outcomes: Winner[] = [1, 0, -1];
  return outcomes.reduce((best, winner) => (mass(winner) > mass(best) ? winner : best));
}

/** Feedback written greedily, then the expected score after it: Σ s·p(s), p normalised over 1…5. */
export async function measurePoints(judge: Judge, items: readonly Item[]): Promise<PointMeasures> {
  const { engine, tokenizer } = judge;
  const prompts = items.map((item) => promptOf(judge, fewShotPoint.render(item)));
  const start = performance.now();
  const texts = await continuations(judge, prompts, 80);
  const seconds = (performance.now() - start) / 1000;
  const readings = texts.map((text) => fewShotPoint.parse(text));
  const contexts = prompts.map((prompt, i) => {
    const { rationale } = readings[i] as (typeof readings)[number];
    const feedback = (texts[i] as string).slice(...rationale).split('\n', 1)[0] as string;
    return Int32Array.from([
      ...prompt,
      ...tokenizer.encode(`${feedback.trimEnd()}${fewShotPoint.scoreCue.trimEnd()}`),
    ]);
  });
  const options = SCORES.map((score) => tokenizer.encode(` ${score}`));
  const rows = await engine.continuationLogprobs(contexts, options);
  const expected = rows.map(expectedScore);
  const labels = items.map(({ score }) => score as Score);
  const tokens = texts.reduce((sum, text) => sum + tokenizer.encode(text).length, 0);
  return {
    items: items.length,
    correlation: correlation(labels, expected),
    meanAbsoluteError:
      labels.reduce((sum, label, i) => sum + Math.abs(label - (expected[i] as number)), 0) / items.length,
    parseFailures: readings.filter(({ verdict }) => verdict.kind === 'failure').length / items.length,
    generatedTokens: tokens,
    tokensPerSecond: tokens / seconds,
  };
}

function expectedScore(logprobs: Float32Array): number {
  const weights = logprobs.map((x) => Math.exp(x - Math.max(...logprobs)));
  const total = weights.reduce((a, b) => a + b, 0);
  return SCORES.reduce((sum, score, i) => sum + (score * (weights[i] as number)) / total, 0);
}

function correlation(x: readonly number[], y: readonly number[]): number | null {
  const constant = (values: readonly number[]) => values.every((value) => value === values[0]);
  return constant(x) || constant(y) ? null : sampleCorrelation([...x], [...y]);
}

async function continuations(
  { engine, tokenizer }: Judge,
  prompts: Int32Array[],
  tokens: number,
): Promise<string[]> {
  const texts = Array<string>(prompts.length);
  const tasks = prompts.map((prompt, key) => ({ key, prompt, samples: [0] }));
  await engine.generate(tasks, greedy(tokens), ({ task, ids }) => {
    texts[task] = tokenizer.decode(ids);
  });
  return texts;
}
