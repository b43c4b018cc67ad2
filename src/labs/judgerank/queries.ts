import { rankingQueries } from '../../data/micro/passages.ts';
import { groupBy } from '../../harness/group-by.ts';
import type { Item, SplitItems } from '../../judge/item.ts';
import { mapped, type Steps } from '../../judge/steps.ts';
import { random, shuffled } from '../../judge/random.ts';
import type { LabBench } from '../lab.ts';
import type { RankSettings } from './fields.ts';

/** A query and its passages; each can be judged as it is, since the query is its instruction. */
export interface JudgedQuery {
  kind: string | null;
  query: string;
  passages: readonly Item[];
  /** True grade of each passage, 0 to 4. */
  relevance: readonly number[];
}

/** Thrown when the reader's own items hold no query. */
export class NoQueriesError extends Error {
  override name = 'NoQueriesError';
}

/** The queries that a run asks about: the reader's own, or the built-in ones. @throws NoQueriesError, RangeError */
export function* queriesFor(
  { items, judges }: Pick<LabBench, 'items' | 'judges'>,
  settings: RankSettings,
): Steps<JudgedQuery[]> {
  if (!items) return yield* rankingQueries(settings.seed, settings.queriesPerKind, settings.passages);
  return yield* ownQueries(unseenItems(items, judges.length), settings);
}

/** The open judge was trained on none of the items; those that were trained here have seen the training part. */
function unseenItems({ train, validation, heldout }: SplitItems, judges: number): readonly Item[] {
  return judges > 1 ? heldout : [...train, ...validation, ...heldout];
}

/**
 * Labelled items with the same instruction and criterion are the passages of one query; relevance is the label less 1,
 * as with the built-in ones. A query's kind is its family, if it has one. What is too many is left out at random, by the seed.
 * @throws NoQueriesError
 */
export function* ownQueries(
  items: readonly Item[],
  { seed, queriesPerKind, passages: most }: Pick<RankSettings, 'seed' | 'queriesPerKind' | 'passages'>,
): Steps<JudgedQuery[]> {
  const labelled = items.filter(({ score }) => score !== undefined);
  const groups = groupBy(labelled, ({ instruction, criterion }) => JSON.stringify([instruction, criterion]));
  const query = ([key, group]: readonly [string, Item[]]) => {
    const unique = [...new Map(group.map((item) => [item.id, item])).values()];
    const passages = shuffled(unique, random(seed, 'passages', key)).slice(0, most);
    return passages.length < 2 ? [] : [queryOf(passages)];
  };
  const queries = (yield* mapped([...groups], query)).flat();
  if (queries.length === 0)
    throw new NoQueriesError(
      'No instruction is shared by two labelled items. Bring the passages of a query as items with the same ' +
        'instruction and criterion, each with its label from 1 to 5; judges that were trained here are asked about ' +
        'held-out items only.',
    );
  const kinds = groupBy(queries, ({ kind }) => kind);
  return [...kinds].flatMap(([kind, all]) =>
    shuffled(all, random(seed, 'queries', kind ?? '')).slice(0, queriesPerKind),
  );
}

function queryOf(passages: readonly Item[]): JudgedQuery {
  const { instruction, family } = passages[0]!;
  return {
    kind: family ?? null,
    query: instruction,
    passages,
    relevance: passages.map(({ score }) => score! - 1),
  };
}
