/** How well a judge that was not made to be one agrees with people, with itself, and with GPT-4's scores. */
import { correlation } from '../../../src/evaluate/pearson.ts';
import { expectedScore, scoreProbabilities } from '../../../src/evaluate/expected-score.ts';
import { swapReport, type SwapReport } from '../../../src/evaluate/swap.ts';
import { byText } from '../../../src/harness/compare-by-text.ts';
import { comparisonWays } from '../../../src/harness/compare.ts';
import { slotWinners } from '../../../src/harness/comparing.ts';
import { greedy, judgmentsOf } from '../../../src/harness/judge-items.ts';
import type { JudgmentRecord } from '../../../src/harness/judgment-store.ts';
import type { Workbench } from '../../../src/harness/workbench.ts';
import { SCORES, type Item, type Score } from '../../../src/judge/item.ts';
import { fewShotPair } from '../../../src/judge/protocols/few-shot-pair.ts';
import { promptIds } from '../../../src/judge/tokenizer.ts';
import type { VotedComparison } from './data.ts';
import { spending } from './spent.ts';

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

/** Enough for a score line, and to see that there is none. */
const writtenLine = byText(fewShotPair, 8, { id: 'written-line', title: 'the score line as written' });

/** Every comparison in both orders, the verdict read from the probabilities of the score lines. */
export async function measurePairs(
  bench: Workbench,
  policy: string,
  items: readonly VotedComparison[],
): Promise<PairMeasures> {
  const { spent, onSpent } = spending();
  const [scoreLines] = comparisonWays(bench);
  const compared = await scoreLines!.compare(bench, { stage: 'compare', policy, items, onSpent });
  const written = await writtenLine.compare(bench, { stage: 'write', policy, items });
  const texts = written.flatMap(({ orders }) => orders);
  return {
    ...swapReport(compared.map((pair) => slotWinners(pair)!)),
    agreement: items.filter(({ vote }, i) => vote === compared[i]!.orders[0]).length / items.length,
    parseFailures: texts.filter((winner) => winner === null).length / texts.length,
    prefillTokensPerSecond: spent.tokens / spent.seconds,
  };
}

/** Feedback written greedily, then the expected score after it: Σ s·p(s), p normalised over 1…5. */
export async function measurePoints(
  bench: Workbench,
  policy: string,
  items: readonly Item[],
): Promise<PointMeasures> {
  const { spent, onSpent } = spending();
  const { protocol } = bench;
  const sampling = greedy(80);
  const judged = await judgmentsOf(bench, { stage: 'grade', policy, protocol, items, samples: 1, sampling, onSpent }); // prettier-ignore
  const judgments = items.map(({ id }) => judged.get(id)![0]!);
  const expected = await expectedAfterFeedback(bench, items, judgments);
  const labels = items.map(({ score }) => score as Score);
  const errors = labels.map((label, i) => Math.abs(label - expected[i]!));
  return {
    items: items.length,
    correlation: correlation(labels, expected),
    meanAbsoluteError: errors.reduce((sum, error) => sum + error, 0) / items.length,
    parseFailures: judgments.filter(({ verdict }) => verdict.kind === 'failure').length / items.length,
    generatedTokens: spent.tokens,
    tokensPerSecond: spent.tokens / spent.seconds,
  };
}

/** Feedback without a score gets one as well: the cue is put behind its first line, and the five scores compete there. */
async function expectedAfterFeedback(
  { engine, tokenizer, protocol }: Workbench,
  items: readonly Item[],
  judgments: readonly JudgmentRecord[],
): Promise<number[]> {
  const contexts = items.map((item, i) => {
    const { text, rationale } = judgments[i]!;
    const feedback = text.slice(...rationale).split('\n', 1)[0]!;
    const begun = tokenizer.encode(`${feedback.trimEnd()}${protocol.scoreCue.trimEnd()}`);
    return Int32Array.from([...promptIds(tokenizer, protocol, item), ...begun]);
  });
  const options = SCORES.map((score) => tokenizer.encode(` ${score}`));
  const rows = await engine.continuationLogprobs(contexts, options);
  return rows.map((logprobs) => expectedScore(scoreProbabilities(logprobs)));
}
