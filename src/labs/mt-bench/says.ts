import { formatNumber, formatShare } from '../../harness/format.ts';
import type { MtBenchResult, Range } from './result.ts';

/** How many agreements it says one by one. */
const MOST_SAID = 2;

/** Agreement where winners are named, and who leads, each with its interval. */
export function sentenceOf(result: MtBenchResult): string {
  const scripted = (name: string) => name.startsWith('scripted');
  const said = Object.keys(result.agreement).filter((name) => !scripted(name)).slice(0, MOST_SAID); // prettier-ignore
  return [...said.map((name) => agreementInWords(name, result)), leaderInWords(result)].join(' ');
}

/** Below so many pairs a share is no finding. */
const FEW = 10;

function agreementInWords(name: string, { agreement, intervals }: MtBenchResult): string {
  const { decided, decidedPairs, withTies, withTiesPairs } = agreement[name]!;
  if (withTies === null) return `${name}: no votes on the same answers.`;
  const range = intervals.agreement[name];
  const all = `the same vote in ${formatShare(withTies)} of all ${withTiesPairs} pairs of votes${interval(range?.withTies)}`;
  if (decided === null || decidedPairs < FEW)
    return `${name}: ${all}; both named a winner in ${decidedPairs} of them, too few to say more.`;
  const chance = (range?.decided?.low ?? 0) > 0.5 ? '' : ', which is not shown to be more than chance';
  return `${name}: the same winner in ${formatShare(decided)} of the ${decidedPairs} pairs of votes in which both name one${interval(range?.decided)}${chance}; with ties counted, ${formatShare(withTies)}.`;
}

const interval = (range: Range | null | undefined) =>
  range ? ` [${formatShare(range.low)}, ${formatShare(range.high)}]` : '';

/** By those who vote first: people, or the truth. */
function leaderInWords({ judges, intervals }: MtBenchResult): string {
  const [first] = Object.entries(judges);
  const ranked = Object.entries(first?.[1].ratings ?? {})
    .flatMap(([name, { bradleyTerry }]) => (bradleyTerry === null ? [] : [{ name, bradleyTerry }]))
    .sort((a, b) => b.bradleyTerry - a.bradleyTerry);
  const [leader, second] = ranked;
  if (!first || !leader || !second)
    return `After ${first?.[1].votes ?? 0} votes there is no table by Bradley–Terry: somebody never won or never lost.`;
  const ranges = intervals.judges[first[0]]!;
  const [own, next] = [leader, second].map(({ name }) => ranges[name]?.bradleyTerry ?? null);
  const clear = own && next && own.low > next.high;
  const by = `by ${first[0]} (${first[1].votes} votes)`;
  const places = `${leader.name} (${formatNumber(leader.bradleyTerry, 0)}) before ${second.name} (${formatNumber(second.bradleyTerry, 0)})`;
  return clear
    ? `The table ${by} is led by ${places}.`
    : `The table ${by} has ${places}, but their intervals overlap: which of them leads is not shown.`;
}
