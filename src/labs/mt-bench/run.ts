import { wilsonInterval } from '../../evaluate/wilson.ts';
import { votePairsBetween } from '../../evaluate/vote-agreement.ts';
import type { ComparedPair } from '../../harness/comparing.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import type { Exhibit } from '../../harness/report.ts';
import { inSlices } from '../../judge/steps.ts';
import type { ModelVote } from '../../judge/model-vote.ts';
import { random, shuffled } from '../../judge/random.ts';
import type { LabBench } from '../lab.ts';
import { attackCases, attackExhibitName, attackResult, sufferAttacks } from './attacks.ts';
import { drawContest, type ContestBattle } from './contest.ts';
import { battleExhibits, contestantName, meetingName } from './exhibits.ts';
import type { MtBenchSettings } from './fields.ts';
import { analysed, type MtBenchResult, type OpenBattle } from './result.ts';
import { comparersOf, TRUTH, votesOf, type Comparer } from './voters.ts';

/** A comparer with its verdicts on all battles. */
interface Heard {
  comparer: Comparer;
  compared: ComparedPair[];
  votes: (ModelVote | null)[];
}

/** Contest, votes of everybody, agreement with the truth, attacks. */
export async function runContest(
  bench: LabBench,
  settings: MtBenchSettings,
): Promise<LabOutcome<MtBenchResult>> {
  const { seed, attackCases: attacked } = settings;
  const battles = await drawContest(bench, settings);
  const heard: Heard[] = [];
  for (const comparer of comparersOf(bench, seed)) {
    const compared = await comparer.compare(battles);
    heard.push({ comparer, compared, votes: votesOf(comparer.name, battles, compared) });
  }
  const outcome = await outcomeOf(battles, heard, settings);
  await attack(outcome, heard, attackCases(battles, attacked, seed));
  return outcome;
}

async function outcomeOf(
  battles: readonly ContestBattle[],
  heard: readonly Heard[],
  settings: MtBenchSettings,
) {
  const voters = heard.map(({ comparer: { name, kind }, votes }) => ({
    name,
    kind,
    votes: cast(votes),
    unread: votes.filter((vote) => vote === null).length,
  }));
  const [truth, ...judges] = voters;
  const meetings = judges.map(({ name, votes }) => ({
    name: meetingName(name, TRUTH),
    pairs: votePairsBetween(votes, truth!.votes),
  }));
  const result = {
    ...(await inSlices(analysed(voters, meetings, settings))),
    battles: openBattles(battles, heard, settings.seed),
  };
  return { result, exhibits: exhibitsOf(battles, heard) };
}

/** Behind each agreement, each changed verdict and each contestant. */
function exhibitsOf(battles: readonly ContestBattle[], heard: readonly Heard[]): Record<string, Exhibit[]> {
  const [first, ...judges] = heard;
  const truth = first!.votes;
  const where = (holds: (place: number) => boolean) => [...battles.keys()].filter(holds);
  const exhibits: Record<string, Exhibit[]> = {};
  for (const { comparer, compared, votes } of judges) {
    const own = { compared, votes, truth };
    exhibits[meetingName(comparer.name, TRUTH)] = battleExhibits(battles, own);
    const changed = where((place) => votes[place]?.inconsistent === true);
    exhibits[attackExhibitName('swap', comparer.name)] = battleExhibits(battles, own, changed);
  }
  const { compared, votes } = judges[0]!;
  for (const name of new Set(battles.flatMap(({ contestants }) => contestants))) {
    const met = where((place) => battles[place]!.contestants.includes(name));
    exhibits[contestantName(name)] = battleExhibits(battles, { compared, votes, truth }, met);
  }
  return exhibits;
}

const cast = (votes: readonly (ModelVote | null)[]) => votes.filter((vote) => vote !== null);

/** Tries every attack on everybody but the truth; exchanging the answers is an attack, too. */
async function attack(
  { result, exhibits }: { result: MtBenchResult; exhibits: Record<string, Exhibit[]> },
  heard: readonly Heard[],
  cases: ReturnType<typeof attackCases>,
): Promise<void> {
  const { attacks, intervals } = result;
  const record = (
    attack: string,
    judge: string,
    found: ReturnType<typeof attackResult>,
    range: { low: number; high: number } | null,
  ) => {
    (attacks[attack] ??= {})[judge] = found;
    (intervals.attacks[attack] ??= {})[judge] = range;
  };
  for (const { comparer, votes } of heard.slice(1)) {
    const findings = await sufferAttacks(comparer, cases);
    for (const [name, found] of Object.entries(findings.results))
      record(name, comparer.name, found, findings.ranges[name]!);
    Object.assign(exhibits, findings.exhibits);
    const read = cast(votes);
    const changed = read.filter(({ inconsistent }) => inconsistent).length;
    record('swap', comparer.name, attackResult(changed, read.length), wilsonInterval(changed, read.length));
  }
}

/** Nobody votes more often in one sitting. */
const MOST_OPEN = 40;

/** By the open judge's first way of comparing. */
function openBattles(
  battles: readonly ContestBattle[],
  [truth, judge]: readonly Heard[],
  seed: number,
): OpenBattle[] {
  const places = shuffled([...battles.keys()], random(seed, 'open battles')).slice(0, MOST_OPEN);
  return places.map((place) => {
    const { comparison, answers, contestants } = battles[place]!;
    return {
      question: comparison.instruction,
      criterion: comparison.criterion,
      a: answers[0].response,
      b: answers[1].response,
      contestants,
      judge: judge!.votes[place]?.winner ?? null,
      truth: truth!.votes[place]!.winner,
    };
  });
}
