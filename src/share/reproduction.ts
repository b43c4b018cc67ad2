import {
  at,
  claimOfScore,
  claimOfSeed,
  claimsOfBlocks,
  claimsOfIntervals,
  claimsOfNumbers,
  claimsOfRound,
  holds,
  type Claim,
} from './claims.ts';
import type { Experiment } from './experiment.ts';
import type { Numbers } from './numbers.ts';

/**
 * Identical: the same to the last bit. Agrees: not identical, but what the author claims lies in the re-run's intervals.
 * Unclaimed: not identical, and the link claims nothing about it that could be held against the re-run.
 */
export type StageVerdict = 'identical' | 'agrees' | 'differs' | 'unclaimed';

export interface StageComparison {
  stage: string;
  verdict: StageVerdict;
}

/** An author's experiment held against the same one that was run here. */
export interface Reproduction {
  stages: StageComparison[];
  /** The worst of the stages. */
  verdict: StageVerdict;
  /** The first stage that is not identical. */
  parted: string | null;
  /** What is not the same here as there, in words: why it may have parted. */
  differences: string[];
  /** Claims that do not hold. */
  refuted: Claim[];
}

const WORST_LAST: readonly StageVerdict[] = ['identical', 'agrees', 'unclaimed', 'differs'];

/**
 * @param claimed of the link
 * @param found here: the same experiment as a link of this run would hold it, with all its blocks
 */
export function reproduction(claimed: Experiment, found: Experiment): Reproduction {
  const { fingerprints: theirs = {} } = claimed;
  const refuted = new Map<string, Claim>();
  const stages = Object.entries(found.fingerprints ?? {}).map(([stage, mark]): StageComparison => {
    const isIdentical = theirs[stage] === mark;
    // What came out the same to the last bit has the same numbers; a link that says otherwise was altered.
    const claims = isIdentical ? exactClaims(stage, claimed, found) : claimsAbout(stage, claimed, found);
    const wrong = claims.filter((claim) => !holds(claim));
    for (const claim of wrong) refuted.set(claim.name, claim);
    if (wrong.length > 0) return { stage, verdict: 'differs' };
    if (isIdentical) return { stage, verdict: 'identical' };
    return { stage, verdict: claims.length === 0 ? 'unclaimed' : 'agrees' };
  });
  const verdicts = stages.map(({ verdict }) => verdict);
  return {
    stages,
    verdict: WORST_LAST.findLast((verdict) => verdicts.includes(verdict)) ?? 'unclaimed',
    parted: stages.find(({ verdict }) => verdict !== 'identical')?.stage ?? null,
    differences: differencesBetween(claimed, found),
    refuted: [...refuted.values()],
  };
}

/** What the link says about a stage: of samples and pairs nothing but what came of them. */
function claimsAbout(stage: string, claimed: Experiment, found: Experiment): Claim[] {
  if (stage === 'judgment') return claimOfScore(claimed, found);
  if (stage === 'seed judge') return claimOfSeed(claimed, found);
  const round = /^round (\d+) /.exec(stage)?.[1];
  if (round !== undefined) return claimsOfRound(claimed, found, Number(round));
  return [
    ...claimsOfBlocks(claimed.blocks ?? [], found.blocks ?? []),
    ...claimsOfIntervals(claimed.metrics, found.metrics),
  ];
}

/** What follows from held-out grades alone, which is what a stage's fingerprint is made of. */
const OF_GRADES = ['items', 'accuracy', 'mae', 'pearson', 'spearman', 'qwk'];

/** The numbers that a stage's fingerprint decides, each as it was found. Samples and pairs decide none by themselves. */
function exactClaims(stage: string, claimed: Experiment, found: Experiment): Claim[] {
  const [theirs, ours] = [claimed.metrics, found.metrics];
  const ofGrades = (claim: Numbers | undefined, result: Numbers | undefined) =>
    OF_GRADES.flatMap((name) => claimsOfNumbers(at(claim, name), at(result, name), `${stage}: ${name}`));
  if (stage === 'seed judge') return ofGrades(at(theirs, 'before'), at(ours, 'before'));
  const round = /^round (\d+) grades$/.exec(stage)?.[1];
  if (round !== undefined) {
    const [claim, result] = [theirs, ours].map((metrics) => at(at(metrics, 'rounds'), Number(round) - 1));
    return [...ofGrades(claim, result), ...claimsOfRound(claimed, found, Number(round))];
  }
  if (/^round /.test(stage)) return [];
  if (stage !== 'result') return claimOfScore(claimed, found);
  return [
    ...claimsOfNumbers(theirs, ours),
    ...claimsOfBlocks(claimed.blocks ?? [], found.blocks ?? []).map(exactly),
  ];
}

/** Held against the value itself instead of its interval. */
const exactly = ({ found: { value }, ...claim }: Claim): Claim => ({
  ...claim,
  found: { value, low: value, high: value },
});

/** Everything that decides a result and is not the same, in words. */
export function differencesBetween(claimed: Experiment, found: Experiment): string[] {
  const pairs: [what: string, theirs: unknown, ours: unknown][] = [
    ['the judge', claimed.model?.hash, found.model?.hash],
    ['the engine', claimed.model?.backend, found.model?.backend],
    ['the number of workers', claimed.model?.workers, found.model?.workers],
    ['the version of the page', claimed.app, found.app],
    ['the version of the settings', claimed.numbers.settings, found.numbers.settings],
    ['the version of the item generator', claimed.numbers.items, found.numbers.items],
    ['the data', claimed.data?.hash, found.data?.hash],
  ];
  return pairs
    .filter(([, theirs, ours]) => theirs !== undefined && ours !== undefined && theirs !== ours)
    .map(([what, theirs, ours]) => `${what}: ${String(theirs)} there, ${String(ours)} here`);
}
