import { formatValue } from '../../harness/report-text.ts';
import type { Exhibit } from '../../harness/report.ts';
import type { AnsweredQuestion, Candidate } from './answered-question.ts';
import { titleOf } from './measures.ts';
import { bySureness, measuresOf, pick, type Picked } from './picking.ts';
import type { CurvePoint, SelectiveResult } from './result.ts';

/** As many as one reads. */
const MOST = 50;

/** The name of what stands behind a point of a measure's curve. */
export const behindPoint = (measure: string, { answered }: CurvePoint) => `${measure} up to ${answered}`;
/** The name of what stands behind a measure: its surest mistakes first. */
export const behindMeasure = (measure: string) => `${measure}: mistakes`;
/** The name of what stands behind the share of questions with a right answer: those without one. */
export const NONE_RIGHT = 'no right answer';
/** The name of what stands behind picking at random. */
export const ALL = 'all questions';

/**
 * Behind each point of a curve the questions that were answered since the point before it; behind each measure its picks,
 * wrong ones first; everywhere the surest first.
 */
export function exhibitsOf(
  questions: readonly AnsweredQuestion[],
  { curves }: SelectiveResult,
  seed: number,
): Record<string, Exhibit[]> {
  const shown: Record<string, Exhibit[]> = {
    [ALL]: questions.slice(0, MOST).map((question) => exhibitOf(question)),
    [NONE_RIGHT]: questions
      .filter(({ candidates }) => !candidates.some(({ right }) => right))
      .slice(0, MOST)
      .map((question) => exhibitOf(question)),
  };
  for (const measure of measuresOf(questions)) {
    const picks = questions.flatMap((question) => pick(question, measure, seed) ?? []);
    const picked = bySureness(picks).map((one) => ({
      ...one,
      exhibit: exhibitOf(one.question, measure, one),
    }));
    let before = 0;
    for (const point of curves[measure] ?? []) {
      const since = picked.slice(before, point.answered).slice(0, MOST);
      shown[behindPoint(measure, point)] = since.map(({ exhibit }) => exhibit);
      before = point.answered;
    }
    const wrongFirst = picked.toSorted((a, b) => Number(a.candidate.right) - Number(b.candidate.right));
    shown[behindMeasure(measure)] = wrongFirst.slice(0, MOST).map(({ exhibit }) => exhibit);
  }
  return shown;
}

/** A question with all its answers, and what a measure picked. */
function exhibitOf({ text, candidates }: AnsweredQuestion, measure?: string, picked?: Picked): Exhibit {
  const facts: [string, string][] = [
    ['Different answers', String(candidates.length)],
    ['Right ones', String(candidates.filter(({ right }) => right).length)],
  ];
  if (measure && picked)
    facts.unshift(
      ['Picked by', titleOf(measure)],
      ['Picked', picked.candidate.text],
      ['Confidence', confidenceInWords(picked.confidence)],
      ['The pick is', picked.candidate.right ? 'right' : 'wrong'],
    );
  return {
    title: text,
    facts,
    texts: candidates.map((candidate, i) => [
      `Answer ${i + 1}${candidate === picked?.candidate ? ', picked' : ''}`,
      candidateInWords(candidate),
    ]),
  };
}

function candidateInWords({ text, right, score, confidences }: Candidate): string {
  const measured = Object.entries(confidences).map(
    ([measure, value]) => `${titleOf(measure)} ${confidenceInWords(value)}`,
  );
  const truth = `${right ? 'right' : 'wrong'}${score === undefined ? '' : ` (true score ${score})`}`;
  return `${text || '(empty)'}: ${truth}; ${measured.join(', ')}`;
}

const confidenceInWords = (value: number) =>
  value === -Infinity ? 'not readable' : formatValue(value, 'decimal3');
