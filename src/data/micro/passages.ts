/** Passages to be ranked for a query, with true relevance: where words in common help, and where they mislead. */
import type { Item, Score } from '../../judge/item.ts';
import type { Steps } from '../../judge/steps.ts';
import type { Family, Task } from './family.ts';
import { correctItems } from './families/correct-items.ts';
import { capitals, opposites, youngAnimals } from './families/facts.ts';
import { forbiddenWords } from './families/forbidden-words.ts';
import { requiredWords } from './families/required-words.ts';
import { questionId } from './exam.ts';
import { itemsIn } from './free-answer.ts';
import { MICRO_VERSION, belongs } from './items.ts';
import { gradedItem } from './oracle.ts';
import { RandomStream } from './random.ts';
import { CAPITALS, OPPOSITES, YOUNG_ANIMALS } from './words.ts';

export type QueryKind = 'sentence with words' | 'sentence without words' | 'list of a category' | 'facts';

/** A query with passages to be ranked. */
export interface RankingQuery {
  /** The query's id (see `questionId`). */
  id: string;
  kind: QueryKind;
  query: string;
  criterion: string;
  /** In random order. Each can be judged as it is: the query is its instruction. */
  passages: Item[];
  /** True relevance of each passage, 0 to 4: its true score less 1. */
  relevance: number[];
}

/** How queries of one kind are made. */
interface Kind {
  families: readonly Family[];
  /** Wanted scores of the first passages; from there again for more. */
  scores: readonly Score[];
  /** Rewrites a passage, keeping its score. */
  rewrite?: (passage: string, instruction: string, random: RandomStream) => string;
}

const KINDS: Readonly<Record<QueryKind, Kind>> = {
  // Most passages hold none of the words, as most texts of a collection do.
  'sentence with words': { families: [requiredWords], scores: [5, 3, 3, 2, 1, 1, 1, 1, 1, 1] },
  'sentence without words': { families: [forbiddenWords], scores: [5, 4, 3, 2, 1, 5, 4, 3, 2, 1] },
  'list of a category': { families: [correctItems], scores: [5, 4, 3, 2, 1, 5, 3, 2, 1, 1] },
  facts: {
    families: [capitals, opposites, youngAnimals],
    scores: [5, 4, 3, 2, 1, 4, 3, 2, 1, 1],
    rewrite: echoed,
  },
};

export const QUERY_KINDS = Object.keys(KINDS) as QueryKind[];

const MOST_PASSAGES = 20;

/**
 * `perKind` different queries of each kind with `passages` different passages each, all held out from training. Query
 * number i of a kind does not depend on how many there are. A query is a step.
 * @throws RangeError unless `passages` is from 2 to 20 (few tasks have more different answers in the held-out part), and
 *   where a kind has not so many queries: the lists have 64
 */
export function* rankingQueries(seed: number, perKind: number, passages = 10): Steps<RankingQuery[]> {
  if (!(passages >= 2 && passages <= MOST_PASSAGES))
    throw new RangeError(`A query has 2 to ${MOST_PASSAGES} passages, not ${passages}.`);
  const all: RankingQuery[] = [];
  for (const kind of QUERY_KINDS) {
    const queries: RankingQuery[] = [];
    while (queries.length < perKind) {
      yield;
      queries.push(drawQuery(kind, seed, queries, passages));
    }
    all.push(...queries);
  }
  return all;
}

/** Draws of a query, and of a passage, before they are given up. */
const QUERY_ATTEMPTS = 500;
const PASSAGE_ATTEMPTS = 60;

/** A query that is not among `known`. */
function drawQuery(
  name: QueryKind,
  seed: number,
  known: readonly RankingQuery[],
  count: number,
): RankingQuery {
  const random = new RandomStream(MICRO_VERSION, 'ranking', name, seed, known.length);
  const kind = KINDS[name];
  for (let attempt = 0; attempt < QUERY_ATTEMPTS; attempt++) {
    const family = random.pick(kind.families);
    const { criterion } = family;
    const task = family.ask(random, 'normal');
    const id = questionId({ instruction: task.instruction, criterion });
    if (known.some((query) => query.id === id)) continue;
    const passages = drawPassages(random, kind, { criterion, task }, count);
    if (!passages) continue;
    const relevance = passages.map(({ score }) => score! - 1);
    return { id, kind: name, query: task.instruction, criterion, passages, relevance };
  }
  throw new RangeError(
    `There is no query "${name}" number ${known.length + 1} with ${count} passages. Ask for fewer of both.`,
  );
}

interface Query {
  criterion: string;
  task: Task;
}

/** Null when the task has too few different answers in the held-out part. */
function drawPassages(random: RandomStream, kind: Kind, query: Query, count: number): Item[] | null {
  const passages = new Map<string, Item>();
  while (passages.size < count) {
    const target = kind.scores[passages.size % kind.scores.length]!;
    const passage = drawPassage(random, kind, query, target, passages);
    if (!passage) return null;
    passages.set(passage.id, passage);
  }
  return random.shuffled([...passages.values()]);
}

/** A held-out passage that is not there yet. */
function drawPassage(
  random: RandomStream,
  { rewrite }: Kind,
  { criterion, task }: Query,
  target: Score,
  known: ReadonlyMap<string, Item>,
): Item | null {
  const { instruction } = task;
  for (let attempt = 0; attempt < PASSAGE_ATTEMPTS; attempt++) {
    const answer = task.answer(random, target).response;
    const response = rewrite ? rewrite(answer, instruction, random) : answer;
    const item = gradedItem({ instruction, response, criterion });
    if (item && !known.has(item.id) && belongs('heldout', task, item)) return item;
  }
  return null;
}

/** How often a wrong fact is the very word that was asked about: in common with the query, and wrong. */
const ECHO = 0.5;

const ANSWERS: ReadonlyMap<string, string> = new Map([...CAPITALS, ...OPPOSITES, ...YOUNG_ANIMALS]);

/** Some wrong facts repeat the query instead: "hot, slow" to "Give the opposite of hot, fast." */
function echoed(passage: string, instruction: string, random: RandomStream): string {
  const asked = instruction.slice(instruction.indexOf(' of ') + 4, -1).split(', ');
  const said = itemsIn(passage);
  const rewritten = said.map((fact, place) => {
    const key = asked[place]!;
    return fact !== ANSWERS.get(key) && random.chance(ECHO) ? key : fact;
  });
  return passage.replace(said.join(', '), rewritten.join(', '));
}
