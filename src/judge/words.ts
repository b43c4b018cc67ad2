/** The words and numbers of a text in lower case; punctuation, markup and line breaks only part them. */
export function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
