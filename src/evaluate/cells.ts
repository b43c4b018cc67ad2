import type { Outcome } from './outcome.ts';

/** Counts of rationale right or wrong × score right or wrong, over items whose true rationale is known. */
export interface Cells {
  bothRight: number;
  onlyRationaleRight: number;
  onlyScoreRight: number;
  bothWrong: number;
}

/** null where no true rationale is known. */
export function cellsOf(outcomes: readonly Outcome[]): Cells | null {
  const known = outcomes.filter((outcome) => outcome.rationaleExact !== null);
  if (known.length === 0) return null;
  const count = (rationale: boolean, score: boolean) =>
    known.filter((one) => one.rationaleExact === rationale && isRight(one) === score).length;
  return {
    bothRight: count(true, true),
    onlyRationaleRight: count(true, false),
    onlyScoreRight: count(false, true),
    bothWrong: count(false, false),
  };
}

/**
 * Where the gain in accuracy came from, as shares of the items: net of items mended and broken, by whether the
 * rationale was right before and after. The four add up to the difference in accuracy.
 */
export interface GainSources {
  /** Right before and after: only the score was mended (calibration). */
  keptRight: number;
  /** Wrong before, right after: the rationale was mended. */
  mended: number;
  /** Right before, wrong after. */
  decayed: number;
  /** Wrong before and after: the score is right or wrong for other reasons. */
  stayedWrong: number;
}

/** null where no true rationale is known. */
export function gainSources(before: readonly Outcome[], after: readonly Outcome[]): GainSources | null {
  const sources: GainSources = { keptRight: 0, mended: 0, decayed: 0, stayedWrong: 0 };
  const known = before.flatMap((outcome, i) => (outcome.rationaleExact === null ? [] : [i]));
  if (known.length === 0) return null;
  for (const i of known) {
    const net = Number(isRight(after[i]!)) - Number(isRight(before[i]!));
    sources[sourceOf(before[i]!.rationaleExact!, after[i]!.rationaleExact!)] += net / known.length;
  }
  return sources;
}

function sourceOf(before: boolean, after: boolean): keyof GainSources {
  if (before) return after ? 'keptRight' : 'decayed';
  return after ? 'mended' : 'stayedWrong';
}

const IN_WORDS: Record<keyof GainSources, string> = {
  keptRight: 'items whose rationale was right before and after, where only the score was mended',
  mended: 'items whose rationale was wrong and is right now',
  decayed: 'items whose rationale was right and is wrong now',
  stayedWrong: 'items whose rationale is wrong before and after',
};

/** One sentence that says which cell the gain came from, the greatest part first; null without true rationales. */
export function gainSentence(before: readonly Outcome[], after: readonly Outcome[]): string | null {
  const sources = gainSources(before, after);
  if (!sources) return null;
  const keys = Object.keys(IN_WORDS) as (keyof GainSources)[];
  const total = keys.reduce((sum, key) => sum + sources[key], 0);
  const parts = keys
    .filter((key) => points(sources[key]) !== points(0))
    .sort((a, b) => Math.abs(sources[b]) - Math.abs(sources[a]))
    .map((key) => `${points(sources[key])} from ${IN_WORDS[key]}`);
  const opening = `Accuracy changed by ${points(total)} points`;
  return parts.length === 0 ? `${opening}.` : `${opening}: ${parts.join('; ')}.`;
}

/** Points of percent with their sign, in a typographic minus. */
function points(share: number): string {
  const rounded = (Math.abs(share) * 100).toFixed(1);
  if (rounded === '0.0') return '0.0';
  return `${share < 0 ? '−' : '+'}${rounded}`;
}

function isRight({ score, label }: Outcome): boolean {
  return score === label;
}
