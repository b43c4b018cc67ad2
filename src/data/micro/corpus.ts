/**
 * The embedded judge's training texts: an endless stream in which text `index` depends on (stage, seed, index)
 * alone, so that training can stop and go on anywhere. All of it is from the train part. `examText` asks the same
 * kinds of question from the other parts.
 */
import { nanoMeta } from '../../judge/protocols/nano-meta.ts';
import { nanoPair, singleAnswer } from '../../judge/protocols/nano-pair.ts';
import { nanoPoint } from '../../judge/protocols/nano.ts';
import type { Split } from '../../judge/item.ts';
import { faithful, imperfect, type Annotator } from './annotator.ts';
import { drawComparison, reasonOf, tenPoint, toComparison } from './comparisons.ts';
import { askForLongList } from './families/right-count.ts';
import { MICRO_VERSION, belongs, drawMicro, toItem } from './items.ts';
import { drawMeta } from './meta.ts';
import { firstLikingPair } from './pair-annotator.ts';
import { RandomStream } from './random.ts';

/** `base`: true judgments in every format. `seed`: what the imperfect annotators wrote. */
export type Stage = 'base' | 'seed';

/** A prompt without `<bos>`, and its completion without `<eos>`. */
export interface PromptCompletion {
  prompt: string;
  completion: string;
}

/** One training sequence: one example, or several packed one after the other, each with its `<bos>`. */
export interface TrainingText {
  format: Format;
  parts: PromptCompletion[];
}

export type Format =
  'point' | 'pair' | 'pair-reference' | 'single' | 'several' | 'meta' | 'long-list' | 'packed';

/** How many of 1000 texts have each format. Long lists and packs are rare because each is up to 1,000 tokens. */
export const MIXTURE: Readonly<Record<Stage, Partial<Record<Format, number>>>> = {
  base: {
    point: 540,
    pair: 160,
    'pair-reference': 80,
    single: 40,
    several: 40,
    meta: 110,
    'long-list': 15,
    packed: 15,
  },
  // In the seed stage comparisons come in one format only: two answers, no reference.
  seed: { point: 820, pair: 110, meta: 40, 'long-list': 15, packed: 15 },
};

/** Training text number `index` of a stage. */
export function trainingText(stage: Stage, seed: number, index: number): TrainingText {
  const random = new RandomStream(MICRO_VERSION, 'corpus', stage, seed, index);
  const mixture = Object.entries(MIXTURE[stage]) as [Format, number][];
  const [format] = random.weighted(mixture, ([, weight]) => weight);
  return { format, parts: WRITERS[format]({ random, split: 'train', stage }) };
}

/** Question number `index` in one format with its true judgment, for measuring a judge on a part of the data. */
export function examText(format: Format, split: Split, seed: number, index: number): TrainingText {
  const random = new RandomStream(MICRO_VERSION, 'exam', format, split, seed, index);
  return { format, parts: WRITERS[format]({ random, split, stage: 'base' }) };
}

/** What a text is written from: the draws, the part of the data, and whose judgments they are. */
interface Source {
  random: RandomStream;
  split: Split;
  stage: Stage;
}

type Writer = (source: Source) => PromptCompletion[];

const WRITERS: Readonly<Record<Format, Writer>> = {
  point: (source) => [pointExample(source)],
  pair: (source) => [
    source.stage === 'seed' ? firstLikingPair(source.random) : pairExample(source, 2, false),
  ],
  'pair-reference': (source) => [pairExample(source, 2, true)],
  several: (source) => [pairExample(source, source.random.between(3, 4), source.random.chance(0.5))],
  single: (source) => [singleExample(source)],
  meta: (source) => [metaExample(source)],
  'long-list': (source) => [longListExample(source)],
  packed: packedExamples,
};

const ANNOTATORS: Readonly<Record<Stage, Annotator>> = { base: faithful, seed: imperfect };

function pointExample({ random, split, stage }: Source): PromptCompletion {
  const draft = drawMicro(random, split);
  const { rationale, score } = ANNOTATORS[stage](draft.answer, random);
  return { prompt: nanoPoint.render(toItem(draft)), completion: nanoPoint.target(rationale, score) };
}

/** 150 items are about 970 tokens, and 2,500 characters at most 1,000: just within 1,024 positions. */
const LONGEST_LIST = 150;
const PACKED_CHARACTERS = 2500;

/** Point examples one after the other, as a few-shot prompt has them, until the context is nearly full. */
function packedExamples(source: Source): PromptCompletion[] {
  const parts: PromptCompletion[] = [];
  const limit = source.random.between(1000, PACKED_CHARACTERS);
  for (let characters = 0; characters < limit;) {
    const part = pointExample(source);
    parts.push(part);
    characters += part.prompt.length + part.completion.length;
  }
  return parts;
}

function longListExample({ random, split, stage }: Source): PromptCompletion {
  let list = askForLongList(random, 10, LONGEST_LIST);
  while (!belongs(split, list, list.answer)) list = askForLongList(random, 10, LONGEST_LIST);
  const { instruction, answer } = list;
  const { rationale, score } = ANNOTATORS[stage](answer, random);
  const item = { id: '', instruction, response: answer.response, criterion: 'right count' };
  return { prompt: nanoPoint.render(item), completion: nanoPoint.target(rationale, score) };
}

function pairExample({ random, split }: Source, answers: number, withReference: boolean): PromptCompletion {
  const graded = drawComparison(random, split, answers);
  const scores = graded.answers.map(({ score }) => tenPoint(score));
  return {
    prompt: nanoPair.render(toComparison(graded, withReference)),
    completion: nanoPair.target(scores, reasonOf(graded.answers)),
  };
}

/** JudgeLM's way to grade one answer: the reference stands first, with full marks. */
function singleExample({ random, split }: Source): PromptCompletion {
  const { family, instruction, answers, reference } = drawComparison(random, split, 1);
  const answer = answers[0]!;
  const question = { instruction, response: answer.response, criterion: family.criterion, reference };
  const scores = [10, tenPoint(answer.score)];
  return {
    prompt: nanoPair.render(singleAnswer(question)),
    completion: nanoPair.target(scores, `Response 2: ${answer.summary}`),
  };
}

function metaExample({ random, split }: Source): PromptCompletion {
  const { question, better, reason } = drawMeta(random, split);
  return { prompt: nanoMeta.render(question), completion: nanoMeta.target(reason, better) };
}
