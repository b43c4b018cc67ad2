/**
 * How numbers and dates are written. The page's language is English whoever reads it; what follows the reader is the region:
 * the order of a date, a clock of 12 or 24 hours, how digits are grouped (12,34,567 in India). The decimal sign stays the
 * point: regions that write a comma would have "0,1" in an English sentence, where a comma parts a list, and beside numbers
 * of papers, files and command lines, which all have the point. Such regions get plain English numbers, and their dates.
 *
 * Commands never call `writeFor`, so what they print, and the documents that they write, are the same on every machine.
 */
interface Formats {
  readonly count: Intl.NumberFormat;
  readonly oneDecimal: Intl.NumberFormat;
  readonly date: Intl.DateTimeFormat;
}

const NEUTRAL = 'en';
const neutral = formatsOf(NEUTRAL, NEUTRAL);
let current = neutral;

export const formats = (): Formats => current;

/** Writes as the reader is used to, from the languages that their browser asks for, the most wanted first. */
export function writeFor(languages: readonly string[]): void {
  const region = languages.map(regionOf).find((found) => found !== null);
  if (!region) return;
  const own = `en-${region}`;
  const hasPoint = new Intl.NumberFormat(own).format(0.5) === '0.5';
  current = formatsOf(hasPoint ? own : NEUTRAL, own);
}

/** What `work` writes is for a file: the same whoever saves it. */
export function writtenForFile<T>(work: () => T): T {
  const before = current;
  current = neutral;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** Each is made when it is first asked for: one takes milliseconds, and a page that opens needs few. */
function formatsOf(numbers: string, dates: string): Formats {
  const count = once(() => new Intl.NumberFormat(numbers));
  const oneDecimal = once(() => new Intl.NumberFormat(numbers, { maximumFractionDigits: 1 }));
  const date = once(() => new Intl.DateTimeFormat(dates, { dateStyle: 'medium', timeStyle: 'short' }));
  return {
    get count() {
      return count();
    },
    get oneDecimal() {
      return oneDecimal();
    },
    get date() {
      return date();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** "de" → DE, where most who speak it live: a language alone says that much. */
function regionOf(language: string): string | null {
  try {
    return new Intl.Locale(language).maximize().region ?? null;
  } catch {
    return null;
  }
}
