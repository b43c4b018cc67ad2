import { orderVote } from '../../evaluate/order-votes.ts';
import { groupBy } from '../../harness/group-by.ts';
import type { VerdictRow } from '../../judge/verdict-table.ts';
import { VerdictsError } from '../lab.ts';
import { voteInWords } from './exhibits.ts';
import type { JudgeOnPairs, VotedPair } from './judge-on-pairs.ts';

/**
 * Stored verdicts as votes: rows of one judge on one item are one pair, in the order of the file. Verdict and label must
 * name the answer in the same order, as it was shown or as the pair itself has it; rows without a label are passed over,
 * and an empty verdict is no vote.
 * @throws VerdictsError in words
 */
export function judgesOfRows(rows: readonly VerdictRow[]): JudgeOnPairs[] {
  const labelled = rows.filter(({ label }) => label !== null);
  if (labelled.length === 0)
    throw new VerdictsError(
      'The column "label" is missing or empty: JudgeBench needs it to say, for each verdict, which of the two answers ' +
        'is right: first or second, in the same order in which the verdict names them.',
    );
  return [...groupBy(labelled, ({ judge }) => judge ?? 'the judge of the file')].map(([name, own]) => ({
    name,
    kind: 'file',
    pairs: [...groupBy(own, ({ item }) => item).values()].map(pairOfRows),
  }));
}

function pairOfRows(rows: readonly VerdictRow[]): VotedPair {
  const [{ item, group }] = rows as [VerdictRow];
  const source = group ?? 'all pairs';
  const votes = rows.map(voteOfRow);
  const facts = rows.map(({ order, verdict, label }, i) => {
    const which = order === null ? `Verdict ${i + 1}` : `Verdict, order ${order}`;
    return [
      which,
      `${verdict ?? 'none'} where ${label ?? 'none'} is right: ${voteInWords(votes[i]!)}`,
    ] as const;
  });
  return {
    id: item,
    source,
    votes,
    exhibit: { title: item, facts: [['Source', source], ...facts], texts: [] },
  };
}

function voteOfRow(row: VerdictRow) {
  try {
    return orderVote(row);
  } catch (error) {
    if (error instanceof RangeError) throw new VerdictsError(error.message);
    throw error;
  }
}
