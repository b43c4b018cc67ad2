import type { ModelVote } from '../../judge/model-vote.ts';
import { readCsv } from './csv.ts';
import { atOnce } from '../../judge/steps.ts';
import { ImportError, importError, shortened } from './errors.ts';
import type { Row } from './row.ts';

/** MT-bench's released votes; their origin and licence are in public/data/README.md. */
export interface MtBenchVotes {
  /** Votes of people, in the order of their file: Elo ratings depend on it. */
  human: ModelVote[];
  /** GPT-4's verdicts, each from both orders of the answers. */
  gpt4: ModelVote[];
}

const WINNER: Readonly<Record<string, ModelVote['winner']>> = {
  a: 'a',
  b: 'b',
  tie: 'tie',
  inconsistent: 'tie',
};

/**
 * Reads `public/data/mt-bench-votes.csv`.
 * @throws ImportError with the line that is no vote
 */
export function readMtBenchVotes(text: string): MtBenchVotes {
  const { rows, leftOut } = atOnce(readCsv(text));
  // It ships with the page: a row that cannot be read means that it is another file.
  if (leftOut.length > 0) throw new ImportError(shortened(leftOut));
  const votes = rows.map(toVote);
  return {
    human: votes.filter(({ judge }) => judge !== 'gpt-4'),
    gpt4: votes.filter(({ judge }) => judge === 'gpt-4'),
  };
}

/** The published agreement counts experts alone: the authors of the paper voted, too. */
export function isExpert({ judge }: ModelVote): boolean {
  return judge.startsWith('expert_');
}

function toVote({ line, values }: Row): ModelVote {
  const cell = (column: string): string => {
    const value = values[column];
    if (typeof value === 'string' && value !== '') return value;
    throw importError(`the ${column} of the vote is missing.`, line);
  };
  const word = cell('winner');
  const winner = Object.hasOwn(WINNER, word) ? WINNER[word] : undefined;
  const turn = Number(cell('turn'));
  // A question of MT-bench has two.
  if (winner === undefined || (turn !== 1 && turn !== 2))
    throw importError(`winner "${word}" and turn "${cell('turn')}" are no vote.`, line);
  return {
    judge: cell('judge'),
    a: cell('model_a'),
    b: cell('model_b'),
    question: cell('question_id'),
    turn,
    winner,
    inconsistent: word === 'inconsistent',
  };
}
