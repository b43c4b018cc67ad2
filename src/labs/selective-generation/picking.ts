import { random } from '../../judge/random.ts';
import type { AnsweredQuestion, Candidate } from './answered-question.ts';

/** What a measure picked for one question, and how sure it was of it. */
export interface Picked {
  question: AnsweredQuestion;
  candidate: Candidate;
  confidence: number;
}

/**
 * The candidate of which a measure is surest; of equals one at random, so that the order of the answers cannot help
 * it. null where the measure says nothing about any.
 */
export function pick(question: AnsweredQuestion, measure: string, seed: number): Picked | null {
  const rated = question.candidates.filter(({ confidences }) => confidences[measure] !== undefined);
  if (rated.length === 0) return null;
  const confidence = Math.max(...rated.map(({ confidences }) => confidences[measure]!));
  const best = rated.filter(({ confidences }) => confidences[measure] === confidence);
  const chance = random(seed, 'equals', question.id)();
  return { question, candidate: best[Math.floor(chance * best.length)]!, confidence };
}

/** The names of all measures, in the order in which they first appear. */
export function measuresOf(questions: readonly AnsweredQuestion[]): string[] {
  const names = questions.flatMap(({ candidates }) =>
    candidates.flatMap(({ confidences }) => Object.keys(confidences)),
  );
  return [...new Set(names)];
}

/** Surest first. */
export function bySureness(picked: readonly Picked[]): Picked[] {
  // −∞ − −∞ is not a number, so compare instead of subtracting.
  const order = (a: Picked, b: Picked) => Number(b.confidence > a.confidence) - Number(a.confidence > b.confidence); // prettier-ignore
  return picked.toSorted(order);
}
