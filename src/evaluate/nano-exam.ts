/** What the model card states: how well a judge does on items that it was never trained on, by family and format. */
import { examText, type Format, type PromptCompletion } from '../data/micro/corpus.ts';
import { microItems } from '../data/micro/items.ts';
import { accuracy, parseFailureRate } from './accuracy.ts';
import { confusionOf } from './confusion.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { rationaleExactShare, rationaleExactShareOfSlips } from './rationale-exact.ts';
import type { Item, Split } from '../judge/item.ts';
import { nanoMeta } from '../judge/protocols/nano-meta.ts';
import { readComparison } from '../judge/protocols/nano-pair.ts';
import { nanoPoint } from '../judge/protocols/nano.ts';
import { completionText } from '../judge/tokenizer.ts';
import type { Tokenizer } from '../model/formats/tokenizer.ts';
import type { Engine } from '../../workers/protocol.ts';

export interface PointExam {
  items: number;
  accuracy: number | null;
  rationaleExact: number | null;
  rationaleExactSlips: number | null;
  parseFailures: number | null;
  accuracyByFamily: Record<string, number>;
  rationaleExactByFamily: Record<string, number>;
}

const GREEDY = { temperature: 0, topP: 1, maxTokens: 320, seed: 0, round: 0 };

/** Greedy judgments of held-out (or validation) point items against their true scores and rationales. */
export async function pointExam(
  engine: Engine,
  tokenizer: Tokenizer,
  split: Split,
  count: number,
): Promise<PointExam> {
  const items = microItems(split, 1, count);
  const texts = await greedy(
    engine,
    tokenizer,
    items.map((item) => nanoPoint.render(item)),
  );
  const outcomes = items.map((item, i) => {
    const text = texts[i] as string;
    return outcomeOf(item, { text, ...nanoPoint.parse(text) });
  });
  const families = [...new Set(items.map(familyOf))].toSorted();
  const byFamily = (measure: (part: Outcome[]) => number | null) =>
    Object.fromEntries(
      families.map((family) => [
        family,
        measure(outcomes.filter((_, i) => familyOf(items[i] as Item) === family)) ?? 0,
      ]),
    );
  return {
    items: items.length,
    accuracy: accuracy(confusionOf(outcomes)),
    rationaleExact: rationaleExactShare(outcomes),
    rationaleExactSlips: rationaleExactShareOfSlips(outcomes),
    parseFailures: parseFailureRate(confusionOf(outcomes)),
    accuracyByFamily: byFamily((part) => accuracy(confusionOf(part))),
    rationaleExactByFamily: byFamily(rationaleExactShare),
  };
}

const familyOf = (item: Item) => item.family ?? 'other';

/** Share of right verdicts in a comparing format: the same winner (or tie) as the truth, or the better judgment. */
export async function formatExam(
  engine: Engine,
  tokenizer: Tokenizer,
  format: Exclude<Format, 'point' | 'packed' | 'long-list'>,
  split: Split,
  count: number,
): Promise<number> {
  const questions = Array.from(
    { length: count },
    (_, i) => examText(format, split, 1, i).parts[0] as PromptCompletion,
  );
  const texts = await greedy(
    engine,
    tokenizer,
    questions.map(({ prompt }) => prompt),
  );
  const right = questions.filter(({ completion }, i) => sameVerdict(format, texts[i] as string, completion));
  return right.length / count;
}

function sameVerdict(format: Format, text: string, truth: string): boolean {
  if (format === 'meta') {
    const [ours, theirs] = [text, truth].map((one) => nanoMeta.parse(one).verdict);
    return (
      ours?.kind === 'preference' && theirs?.kind === 'preference' && ours.preferred === theirs.preferred
    );
  }
  const answers = (truth.split('\n')[0] as string).split(' ').length;
  const [ours, theirs] = [text, truth].map((one) => readComparison(one, answers).verdict);
  return ours?.kind === 'scores' && theirs?.kind === 'scores' && sameOrder(ours.scores, theirs.scores);
}

/** Every two answers stand in the same order of preference, ties included. */
function sameOrder(a: number[], b: number[]): boolean {
  const sign = (scores: number[], i: number, j: number) =>
    Math.sign((scores[i] as number) - (scores[j] as number));
  return a.every((_, i) => a.every((_other, j) => sign(a, i, j) === sign(b, i, j)));
}

/**
 * The 1st percentile of the mean log-probability per token of validation prompts: below it, a task is foreign (out of
 * distribution).
 */
export async function promptLogprobPercentile1(
  engine: Engine,
  tokenizer: Tokenizer,
  count: number,
): Promise<number> {
  const prompts = microItems('validation', 1, count).map((item) => idsOf(tokenizer, nanoPoint.render(item)));
  const sequences = prompts.map((ids) => ({ prompt: ids.slice(0, 1), completion: ids.slice(1) }));
  const logprobs = await engine.sequenceLogprobs(sequences);
  const means = logprobs.map((row) => row.reduce((a, b) => a + b, 0) / row.length);
  return means.toSorted((a, b) => a - b)[Math.floor(count / 100)] as number;
}

async function greedy(engine: Engine, tokenizer: Tokenizer, prompts: string[]): Promise<string[]> {
  const tasks = prompts.map((text, key) => ({ key, prompt: idsOf(tokenizer, text), samples: [0] }));
  const texts = Array<string>(prompts.length);
  await engine.generate(tasks, GREEDY, (row) => {
    texts[row.task] = completionText(tokenizer, row);
  });
  return texts;
}

const idsOf = (tokenizer: Tokenizer, text: string) =>
  Int32Array.from([tokenizer.bos, ...tokenizer.encode(text)]);
