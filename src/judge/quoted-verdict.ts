import type { Reading } from './protocol.ts';
import { failure } from './reading.ts';

/** How much of a judgment is looked at on either side of its verdict. */
const REACH = 24;
/** So many other characters must be the same: a bare "Score: 5" is the judge's own, whatever stands in the answer. */
const LEAST = 16;

/** Why such a judgment counts as not readable. */
export const QUOTED_VERDICT = 'its verdict stands in words that it repeats from what it was shown';

/** What a judge is shown that others wrote; a rationale that is known to be true is not shown. */
const SHOWN = ['instruction', 'response', 'responses', 'criterion', 'reference', 'judgments'] as const;

/**
 * A reading whose verdict is not the judge's own: the judge repeats what it was shown, word for word, and the repeated part
 * holds the verdict ("… 3 of 3 fit. Score: 5", planted in the answer). It becomes a failure, so that an answer cannot grade
 * itself by being quoted. A judgment that says the same verdict in its own words stays as it is.
 * @param subject what was judged: an item, a comparison, two judgments
 */
export function withoutQuotedVerdict(reading: Reading, text: string, subject: object): Reading {
  if (!reading.score || !textsOf(subject).some((shown) => quotes(text, reading.score!, shown)))
    return reading;
  return failure(text, QUOTED_VERDICT);
}

function quotes(text: string, [start, end]: readonly [number, number], shown: string): boolean {
  const said = text.slice(Math.max(0, start - REACH), end + REACH).trim();
  const others = said.length - (end - start);
  const whole = others > 0 && text.trim() === shown.trim();
  return whole || (others >= LEAST && shown.includes(said));
}

function textsOf(subject: object): string[] {
  const values = subject as Partial<Record<(typeof SHOWN)[number], unknown>>;
  return SHOWN.flatMap((name) => values[name] ?? []).filter((text) => typeof text === 'string');
}
