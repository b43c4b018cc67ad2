import { pairedDifferences, pairedRationaleDifference } from '../evaluate/bootstrap.ts';
import { cellsOf, gainSentence, gainSources } from '../evaluate/cells.ts';
import { flips } from '../evaluate/flips.ts';
import { MEASURES, metricsOf } from '../evaluate/metrics.ts';
import { outcomeOf, type Outcome } from '../evaluate/outcome.ts';
import type { RemapTable } from '../evaluate/remap.ts';
import type { DeviceInfo } from '../../workers/protocol.ts';
import type { ItemsFacts } from '../data/split.ts';
import type { Steps } from '../judge/steps.ts';
import type { Item } from '../judge/item.ts';
import type { RunSettings } from './settings.ts';
import type { Round } from './records.ts';
import type { Spent } from '../harness/meter.ts';
import type { JudgmentRecord } from '../harness/judgment-store.ts';
import type { JudgeResults, RoundResults } from './round-results.ts';

/** What a run found: the JSON of the headless command. All shares are 0–1. */
export interface Results {
  run: string;
  model: { name: string; hash: string };
  protocol: string;
  /** What it worked on; runs from before this was recorded have none. */
  items?: ItemsFacts;
  device: DeviceInfo;
  appVersion: string;
  settings: RunSettings;
  /** Items left out because they are longer than the judge's context allows. */
  tooLong: { train: number; heldout: number };
  before: JudgeResults;
  /** The seed judge read through a table from score to label, fitted on the same training labels. */
  remap: JudgeResults & { table: RemapTable };
  rounds: RoundResults[];
}

/** Judgments in the order of the items, held against the labels. */
export function outcomesOf(items: readonly Item[], judgments: readonly JudgmentRecord[]): Outcome[] {
  const byItem = new Map(judgments.map((judgment) => [judgment.itemId, judgment]));
  return items.map((item) => outcomeOf(item, byItem.get(item.id)!));
}

export function judgeResults(outcomes: readonly Outcome[]): JudgeResults {
  return { ...metricsOf(outcomes), cells: cellsOf(outcomes) };
}

/** The outcomes of the judges that a round is compared with, and its own. */
export interface Compared {
  before: readonly Outcome[];
  remap: readonly Outcome[];
  previous: readonly Outcome[];
  after: readonly Outcome[];
}

export function* roundResults(
  round: Round,
  { before, remap, previous, after }: Compared,
): Steps<RoundResults> {
  const accuracyAgainst = function* (judge: readonly Outcome[]) {
    return (yield* pairedDifferences(judge, after, { accuracy: MEASURES.accuracy })).accuracy!;
  };
  const differences = yield* pairedDifferences(before, after, MEASURES);
  const slip = (outcome: Outcome) => outcome.slip;
  return {
    round: round.number,
    policy: round.policyOut!,
    ...judgeResults(after),
    difference: differences.accuracy!,
    differenceFromRemap: yield* accuracyAgainst(remap),
    differenceFromPrevious: yield* accuracyAgainst(previous),
    differences,
    rationaleDifference: yield* pairedRationaleDifference(before, after),
    rationaleDifferenceSlips: yield* pairedRationaleDifference(before.filter(slip), after.filter(slip)),
    gainSources: gainSources(before, after),
    sentence: gainSentence(before, after),
    flips: flips(before, after),
    ...costOf(round),
  };
}

function costOf(round: Round) {
  const { sample, train, evaluate, stepSeconds, snapshotSeconds, selfTest, pairs, steps } = round;
  return {
    pairs,
    steps,
    seconds: { sample: sample.seconds, train: train.seconds, evaluate: evaluate.seconds },
    tokensPerSecond: {
      sample: perSecond(sample),
      train: perSecond({ seconds: stepSeconds, tokens: train.tokens }),
    },
    selfTest,
    snapshotShare: stepSeconds > 0 ? snapshotSeconds / stepSeconds : null,
  };
}

function perSecond({ seconds, tokens }: Spent): number | null {
  return seconds > 0 ? tokens / seconds : null;
}
