import { ratingsWithIntervals, type Rating } from '../../evaluate/rating-intervals.ts';
import type { BootstrapOptions, Interval } from '../../evaluate/resample.ts';
import { agreementIntervals, agreementOfPairs, type VotePair } from '../../evaluate/vote-agreement.ts';
import { wilsonInterval } from '../../evaluate/wilson.ts';
import type { Steps } from '../../judge/steps.ts';
import type { ModelVote } from '../../judge/model-vote.ts';

export type VoterKind = 'people' | 'truth' | 'judge' | 'judge without position' | 'scripted';

/** Somebody's votes. */
export interface Voter {
  name: string;
  kind: VoterKind;
  votes: readonly ModelVote[];
  /** Verdicts that could not be read, which are no votes. */
  unread: number;
}

/** Votes of two sides on the same answers. */
export interface Meeting {
  name: string;
  pairs: readonly VotePair[];
}

export const RATING_WAYS = ['bradleyTerry', 'elo', 'winRate'] as const;
export type RatingWay = (typeof RATING_WAYS)[number];

/** 95 %. */
export interface Range {
  low: number;
  high: number;
}

export interface VoterResult {
  kind: VoterKind;
  votes: number;
  unread: number;
  /** Share of ties, inconsistent verdicts among them, and share of inconsistent verdicts; null without votes. */
  ties: number | null;
  inconsistent: number | null;
  /** By contestant: points around 1000, and the share of battles won. null where there is no such rating. */
  ratings: Record<string, Record<RatingWay, number | null>>;
}

/** Shares of pairs of votes that are the same: S1 with ties, S2 of those that both name a winner. */
export interface AgreementResult {
  withTies: number | null;
  withTiesPairs: number;
  decided: number | null;
  decidedPairs: number;
}

export interface AttackResult {
  cases: number;
  /** Share in which the attacked answer was preferred; under "swap", in which the verdict changed. null without cases. */
  succeeds: number | null;
}

/** A battle to be voted on blind; texts are a model's. */
export interface OpenBattle {
  question: string;
  criterion: string;
  /** The answers, and who gave them. */
  a: string;
  b: string;
  contestants: readonly [string, string];
  /** The open judge's verdict; null where it could not be read. */
  judge: ModelVote['winner'] | null;
  truth: ModelVote['winner'];
}

export interface MtBenchResult {
  /** By voter: people or the truth first. */
  judges: Record<string, VoterResult>;
  agreement: Record<string, AgreementResult>;
  /** By attack, then by judge; empty where no judge was asked. */
  attacks: Record<string, Record<string, AttackResult>>;
  /** For the reader to vote on: some of the battles, in random order. */
  battles: OpenBattle[];
  /** 95 % intervals: of ratings by bootstrap over battles, of agreement over questions, of attacks Wilson's. */
  intervals: {
    judges: Record<string, Record<string, Record<RatingWay, Range | null>>>;
    agreement: Record<string, { withTies: Range | null; decided: Range | null }>;
    attacks: Record<string, Record<string, Range | null>>;
  };
}

/** Ratings and agreement with intervals; no attacks and no battles yet. */
export function* analysed(
  voters: readonly Voter[],
  meetings: readonly Meeting[],
  { seed, resamples }: { seed: number; resamples: number },
): Steps<MtBenchResult> {
  const options = { seed, resamples };
  const result: MtBenchResult = {
    judges: {},
    agreement: {},
    attacks: {},
    battles: [],
    intervals: { judges: {}, agreement: {}, attacks: {} },
  };
  for (const voter of voters) {
    const ratings = yield* ratingsWithIntervals(voter.votes, options);
    const values = byContestant(ratings, (interval) => interval?.mean ?? null);
    result.judges[voter.name] = { ...countsOf(voter), ratings: values };
    result.intervals.judges[voter.name] = byContestant(ratings, rangeOf);
  }
  for (const { name, pairs } of meetings) {
    result.agreement[name] = agreementResult(pairs);
    result.intervals.agreement[name] = yield* agreementRanges(pairs, options);
  }
  return result;
}

function byContestant<Value>(
  ratings: readonly Rating[],
  read: (interval: Interval | null) => Value,
): Record<string, Record<RatingWay, Value>> {
  const ways = (rating: Rating) => Object.fromEntries(RATING_WAYS.map((way) => [way, read(rating[way])]));
  return Object.fromEntries(
    ratings.map((rating) => [rating.contestant, ways(rating) as Record<RatingWay, Value>]),
  );
}

/** Drawing votes anew that all agree, or all differ, gives a point: there Wilson's interval stays wide for few. */
function* agreementRanges(pairs: readonly VotePair[], options: BootstrapOptions) {
  const { withTies, decided } = yield* agreementIntervals(pairs, options);
  const range = (interval: Interval | null, counted: readonly VotePair[]) =>
    interval && interval.low === interval.high
      ? wilsonInterval(counted.filter(({ same }) => same).length, counted.length)
      : rangeOf(interval);
  return { withTies: range(withTies, pairs), decided: range(decided, pairs.filter((pair) => pair.decided)) }; // prettier-ignore
}

function countsOf({ kind, votes, unread }: Voter): Omit<VoterResult, 'ratings'> {
  const share = (holds: (vote: ModelVote) => boolean) =>
    votes.length === 0 ? null : votes.filter(holds).length / votes.length;
  return {
    kind,
    votes: votes.length,
    unread,
    ties: share(({ winner }) => winner === 'tie'),
    inconsistent: share(({ inconsistent }) => inconsistent),
  };
}

function agreementResult(pairs: readonly VotePair[]): AgreementResult {
  const { withTies, decided } = agreementOfPairs(pairs);
  return {
    withTies: withTies.share,
    withTiesPairs: withTies.pairs,
    decided: decided.share,
    decidedPairs: decided.pairs,
  };
}

/** Where hardly a draw has the statistic there is no interval. */
function rangeOf(interval: Interval | null): Range | null {
  if (!interval || Number.isNaN(interval.low)) return null;
  return { low: interval.low, high: interval.high };
}
