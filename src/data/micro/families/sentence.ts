import { wordsIn } from '../../../judge/words.ts';
import { withArticle } from '../words.ts';

/** The one sentence of this little world: "I saw a goat and a tram." */
export function sentenceOf(nouns: readonly string[]): string {
  return `I saw ${nouns.map(withArticle).join(' and ')}.`;
}

const INSTRUCTION = /^Write a sentence (with|without) ([\p{L}\p{N}]+(?:, [\p{L}\p{N}]+)*)\.$/u;

/** The words that are asked for or forbidden; null when the instruction is not of that kind. */
export function readSentenceTask(instruction: string, kind: 'with' | 'without'): string[] | null {
  const parts = INSTRUCTION.exec(instruction);
  return parts?.[1] === kind ? parts[2]!.split(', ') : null;
}

/** Which of `words` the text holds. Whole words only: "goats" is not "goat". */
export function usedIn(words: readonly string[], text: string): string[] {
  const said = new Set(wordsIn(text));
  return words.filter((word) => said.has(word.toLowerCase()));
}
