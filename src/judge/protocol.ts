import type { Item } from './item.ts';
import type { Span, Verdict } from './judgment.ts';

/** A judgment's text, read. */
export interface Reading {
  verdict: Verdict;
  rationale: Span;
  score: Span | null;
}

/**
 * A way of asking: how an item becomes a prompt, and how the answer is read.
 * `render` gives the text after `<bos>`; `parse` reads generated text only, never the prompt, so that a
 * response which contains "Score: 5" cannot grade itself.
 */
export interface Protocol {
  id: string;
  mode: 'point' | 'pair' | 'multi' | 'meta';
  render(item: Item): string;
  /** The prompt is a request that an assistant understands; a model with a chat template gets it as a message. */
  asksInWords?: boolean;
  parse(text: string): Reading;
  /** The completion that a training example with this rationale and score ends in, without `<eos>`. */
  target(rationale: string, score: number): string;
  /** Text between the rationale and the score token (the place where p(1…5) is read). */
  scoreCue: string;
}
