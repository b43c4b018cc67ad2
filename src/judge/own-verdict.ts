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
 * What a judge decided, read from its own words. Where it repeats what it was shown, word for word, and the repeated part
 * holds the verdict ("… 3 of 3 fit. Score: 5", planted in the answer), that is a failure, so that an answer cannot grade
 * itself by being quoted. The same verdict in words of its own stays.
 * @param subject what was judged: an item, a comparison, two judgments
 */
export function readVerdict(
  { parse }: { parse: (text: string) => Reading },
  text: string,
  subject: object,
): Reading {
  const reading = parse(text);
  const { score } = reading;
  if (!score) return reading;
  const quoted = textsOf(subject).some(
    (shown) => quotesAround(text, score, shown) || (holdsVerdict(parse(shown)) && repeatsAll(text, shown)),
  );
  return quoted ? failure(text, QUOTED_VERDICT) : reading;
}

/** The verdict and the words beside it stand in what was shown. */
function quotesAround(text: string, [start, end]: readonly [number, number], shown: string): boolean {
  const said = text.slice(Math.max(0, start - REACH), end + REACH).trim();
  return said.length - (end - start) >= LEAST && shown.includes(said);
}

/** Numbers alone are no quotation: two answers may well say "10 1", and two scores be 10 and 1. */
const holdsVerdict = ({ score, rationale }: Reading) =>
  score !== null && (rationale[1] > rationale[0] || score[0] > 0);

/** A verdict stands at the end of a judgment or at its beginning, and so does an answer that is repeated whole. */
function repeatsAll(text: string, shown: string): boolean {
  return text.trimEnd().endsWith(shown.trim()) || text.trimStart().startsWith(shown.trim());
}

function textsOf(subject: object): string[] {
  const values = subject as Partial<Record<(typeof SHOWN)[number], unknown>>;
  return SHOWN.flatMap((name) => values[name] ?? []).filter((text) => typeof text === 'string');
}
