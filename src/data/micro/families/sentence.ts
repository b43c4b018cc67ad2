import { withArticle } from '../words.ts';

/** The one sentence of this little world: "I saw a goat and a tram." */
export function sentenceOf(nouns: readonly string[]): string {
  return `I saw ${nouns.map(withArticle).join(' and ')}.`;
}
