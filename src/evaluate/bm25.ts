import okapi from 'okapibm25';

/** How soon repetitions of a word stop counting (k₁), and how much long passages are held back (b). */
const CONSTANTS = { k1: 1.2, b: 0.75 };

/**
 * Words as BM25 counts them here: runs of letters and digits of any script, in lower case. An apostrophe or hyphen
 * divides ("don't" is don and t); nothing is stemmed and no stop words are left out.
 */
export function words(text: string): string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

/**
 * BM25 of each passage for a query, k₁ = 1.2, b = 0.75, idf = ln(1 + (N − n + ½) / (n + ½)), 0 or more, in the order of the
 * passages (Robertson and Zaragoza 2009). A word that the query repeats counts each time.
 */
export function bm25(query: string, passages: readonly string[]): number[] {
  const spell = spelling();
  const spelled = passages.map((passage) => words(passage).map(spell).join(' '));
  // Without a single word the mean length is 0, by which the library would divide.
  if (spelled.every((passage) => passage === '')) return passages.map(() => 0);
  return score(spelled, words(query).map(spell), CONSTANTS) as number[];
}

/**
 * The library looks for a keyword anywhere in the text, as a regular expression ("a" is found in "Paris"), and counts
 * words of ASCII only. So each different word goes by a number of fixed width behind a sign that nothing else contains.
 */
function spelling(): (word: string) => string {
  const numbers = new Map<string, number>();
  return (word) => {
    const number = numbers.get(word) ?? numbers.size;
    numbers.set(word, number);
    return `w${String(number).padStart(9, '0')}`;
  };
}

/** A CommonJS package: Node, and bundlers in its manner, give the module where others give its default export. */
const score = (okapi as unknown as { default?: typeof okapi }).default ?? okapi;
