import type { VotePair } from '../../evaluate/vote-agreement.ts';
import { groupBy } from '../../harness/group-by.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import type { Exhibit } from '../../harness/report.ts';
import { atOnce } from '../../judge/steps.ts';
import type { ModelVote } from '../../judge/model-vote.ts';
import type { VerdictRow, VerdictValue } from '../../judge/verdict-table.ts';
import { VerdictsError } from '../lab.ts';
import { contestantName, meetingName } from './exhibits.ts';
import type { MtBenchSettings } from './fields.ts';
import { analysed, type Meeting, type MtBenchResult, type Voter } from './result.ts';

const PEOPLE = 'people';
const MOST = 50;

/** A row with its two contestants; `first` and `second` mean them in the order in which the taker names them. */
interface BattleRow {
  row: VerdictRow;
  a: string;
  b: string;
  verdict: ModelVote | null;
  label: ModelVote | null;
}

/**
 * Ratings and agreement from stored votes. A row is one battle, or one of its two orders where `order` says so: `taker` names both contestants, "A vs B", `verdict` is the
 * judge's vote and `label` a person's, each first (A), second (B) or tie. An empty verdict is no vote, and an empty label
 * none either. What people voted is counted once per item and pair, however many judges the file has.
 * @throws VerdictsError in words
 */
export function outcomeOfRows(
  rows: readonly VerdictRow[],
  settings: MtBenchSettings,
): LabOutcome<MtBenchResult> {
  const battles = joinedOrders(rows.map(battleRow));
  const byJudge = [...groupBy(battles, ({ row }) => judgeOf(row))];
  const people = peopleVoter(battles);
  const voters = [...(people ? [people] : []), ...byJudge.map(([name, own]) => judgeVoter(name, own))];
  const met = people ? byJudge : [];
  const meetings = met.map(([name, own]): Meeting => ({
    name: meetingName(name, PEOPLE),
    pairs: own.flatMap(votePair),
  }));
  return { result: atOnce(analysed(voters, meetings, settings)), exhibits: exhibitsOf(battles, byJudge) };
}

function exhibitsOf(
  battles: readonly BattleRow[],
  byJudge: readonly (readonly [string, BattleRow[]])[],
): Record<string, Exhibit[]> {
  const exhibits: Record<string, Exhibit[]> = {};
  for (const [name, own] of byJudge)
    exhibits[meetingName(name, PEOPLE)] = rowExhibits(own.filter(({ label }) => label !== null));
  for (const name of new Set(battles.flatMap(({ a, b }) => [a, b])))
    exhibits[contestantName(name)] = rowExhibits(battles.filter(({ a, b }) => a === name || b === name));
  return exhibits;
}

const judgeOf = ({ judge }: VerdictRow) => judge ?? 'the judge of the file';

function battleRow(row: VerdictRow): BattleRow {
  const [a, b, ...others] = (row.taker ?? '').split(' vs ').map((name) => name.trim());
  if (!a || !b || a === b || others.length > 0)
    throw new VerdictsError(
      `The taker of item "${row.item}" is ${row.taker === null ? 'missing' : `"${row.taker}"`}. Each row must name the two ` +
        'contestants whose answers were compared in the column "taker", joined by " vs ": "gpt-4 vs alpaca-13b".',
    );
  const vote = (value: VerdictValue | null, column: string): ModelVote | null => {
    if (value === null) return null;
    if (typeof value === 'number')
      throw new VerdictsError(
        `The ${column} of item "${row.item}" is ${value}; battles need first, second or tie, in the order in which the ` +
          'taker names the contestants.',
      );
    const winner = ({ first: 'a', second: 'b', tie: 'tie' } as const)[value];
    const judge = column === 'label' ? PEOPLE : judgeOf(row);
    return { judge, a, b, question: row.group ?? row.item, turn: 1, winner, inconsistent: false };
  };
  return { row, a, b, verdict: vote(row.verdict, 'verdict'), label: vote(row.label, 'label') };
}

/** MT-bench's rule where a file has a judge's verdicts in both orders: a win needs both, all else is a tie. */
function joinedOrders(battles: readonly BattleRow[]): BattleRow[] {
  const byBattle = groupBy(battles, ({ row, a, b }) =>
    JSON.stringify([judgeOf(row), row.item, [a, b].sort()]),
  );
  return [...byBattle.values()].flatMap((own) => {
    const [shown, exchanged] = own;
    const orders = new Set(own.map(({ row }) => row.order));
    return shown && exchanged && own.length === 2 && orders.size === 2 && !orders.has(null)
      ? [{ ...shown, verdict: joinedVerdict(shown.verdict, exchanged.verdict) }]
      : own;
  });
}

/** Half a verdict is none. */
function joinedVerdict(shown: ModelVote | null, exchanged: ModelVote | null): ModelVote | null {
  if (!shown || !exchanged) return null;
  const preferred = ({ winner, ...contestants }: ModelVote) =>
    winner === 'tie' ? null : contestants[winner];
  return preferred(shown) === preferred(exchanged) ? shown : { ...shown, winner: 'tie', inconsistent: true };
}

function judgeVoter(name: string, battles: readonly BattleRow[]): Voter {
  const votes = battles.flatMap(({ verdict }) => verdict ?? []);
  return { name, kind: 'judge', votes, unread: battles.length - votes.length };
}

function peopleVoter(battles: readonly BattleRow[]): Voter | null {
  const votes = new Map<string, ModelVote>();
  for (const { row, label } of battles)
    if (label) {
      const key = JSON.stringify([row.item, [label.a, label.b].sort()]);
      if (!votes.has(key)) votes.set(key, label);
    }
  return votes.size === 0 ? null : { name: PEOPLE, kind: 'people', votes: [...votes.values()], unread: 0 };
}

/** Verdict and label of a row name the same two contestants in the same order. */
function votePair({ verdict, label }: BattleRow): VotePair[] {
  if (!verdict || !label) return [];
  const decided = verdict.winner !== 'tie' && label.winner !== 'tie';
  return [{ question: verdict.question, same: verdict.winner === label.winner, decided }];
}

/** Rows on which the two sides differ first. */
function rowExhibits(battles: readonly BattleRow[]): Exhibit[] {
  const differs = ({ verdict, label }: BattleRow) => verdict?.winner !== label?.winner;
  const ordered = [...battles.filter(differs), ...battles.filter((battle) => !differs(battle))];
  return ordered.slice(0, MOST).map(({ row }) => ({
    title: row.item,
    facts: [
      ['Contestants', row.taker ?? ''],
      ['Verdict', String(row.verdict ?? 'not readable')],
      ['Vote of people', String(row.label ?? 'none')],
    ],
    texts: [],
  }));
}
