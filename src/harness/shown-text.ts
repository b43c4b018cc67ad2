/**
 * Text from files and models, as it may be shown: on the page as text nodes, in a terminal and in Markdown. What cannot be
 * seen but changes what is seen is made visible.
 */

/** Marks on one letter that scripts really use; Hebrew with accents has three, and floods have dozens. */
const MOST_MARKS = 4;

/**
 * Control characters of C0 (tab and line breaks apart) and C1, embeddings, overrides and isolates of direction, invisible
 * operators and joiners (but for U+200C and U+200D, which Persian and emoji are written with, and the marks U+200E and
 * U+200F, which cannot reorder letters), the tag characters, and halves of surrogate pairs.
 */
export const INVISIBLE =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}\p{Cs}]|\r(?!\n)/gu;
const FLOODS = new RegExp(`(\\p{M}{${MOST_MARKS}})(\\p{M}+)`, 'gu');

/** Control characters by their pictures (␛), others by their code (⟨U+202E⟩); long runs of marks on a letter are counted. */
export function visibleControls(text: string): string {
  return text.replace(INVISIBLE, picture).replace(FLOODS, (_, kept: string, rest: string) => `${kept}⟨+${Array.from(rest).length}⟩`); // prettier-ignore
}

function picture(control: string): string {
  const code = control.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** The beginning of a text, at most so many characters and lines, without half a pair at its end. */
export function beginningOf(text: string, characters: number, lines = Infinity): string {
  const cut = text.slice(0, characters);
  const whole = /[\uD800-\uDBFF]$/.test(cut) && cut.length < text.length ? cut.slice(0, -1) : cut;
  let end = -1;
  for (let line = 0; line < lines; line++) {
    end = whole.indexOf('\n', end + 1);
    if (end < 0) return whole;
  }
  return whole.slice(0, end);
}

/** Names are read at a glance. */
const NAME = 120;

/** A text as one line of a list: white space is one space, and what is too long ends in an ellipsis. */
export function nameInShort(text: string, most = NAME): string {
  // Cut twice: a name of a megabyte is not searched for white space first.
  const line = beginningOf(text, 4 * most)
    .replace(/\s+/g, ' ')
    .trim();
  const short = beginningOf(line, most);
  return visibleControls(
    short.length < line.length || text.length > 4 * most ? `${short.trimEnd()}…` : short,
  );
}
