/**
 * How an answer that anybody may have written is taken apart before it is graded. The rules, for all families:
 * an opening such as "Here: " or "It is " says nothing; items are parted by commas, semicolons, line breaks or
 * "and"; marks around an item ("**apple**", "apple!") are not part of it; upper and lower case are the same word.
 */
import { wordsIn } from '../../judge/words.ts';

const OPENINGS = /^(?:\s*(?:here:|here are|they are|it is|the answer is)(?=\s|$))+\s*/i;

/** The answer without the words that only introduce it. */
export function withoutOpening(response: string): string {
  return response.replace(OPENINGS, '');
}

/** The items of an answer, in order and as written; none when it says nothing. */
export function itemsIn(response: string): string[] {
  return withoutOpening(response)
    .split(/[,;\n]|\sand\s/)
    .map(withoutMarks)
    .filter((item) => item !== '');
}

/** Whole numbers and decimals in the order in which they are written. */
export function numbersIn(response: string): number[] {
  return (response.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
}

/** From the first letter or digit to the last. */
export function withoutMarks(text: string): string {
  return /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?/su.exec(text)?.[0] ?? '';
}

/** Nothing but an opening or marks. */
export function saysNothing(response: string): boolean {
  return wordsIn(withoutOpening(response)).length === 0;
}
