import type { Comparison } from './comparison.ts';
import type { Item, Score } from './item.ts';
import type { Mode, Span, Verdict } from './judgment.ts';

/** A judgment's text, read. */
export interface Reading {
  verdict: Verdict;
  rationale: Span;
  score: Span | null;
}

/** How a question is to be put; what is left out is as the subject has it. */
export interface Asked {
  /** Order in which the answers are to be shown, as indices into the subject's answers. */
  order?: readonly number[];
  /** false leaves a reference out that the subject has. */
  reference?: boolean;
}

/** How a question was put: what a judgment records. */
export interface Shown {
  /** Order in which the answers stand in the prompt; [0] for a single one. */
  order: number[];
  /** Whether a reference answer stands in the prompt: some protocols have no place for one. */
  usedReference: boolean;
}

/**
 * A way of asking: how a subject (an answer, several answers, two judgments …) becomes a prompt, and how the reply is
 * read. `render` gives the text after `<bos>`; `parse` reads generated text only, never the prompt, so that a response
 * which contains "Score: 5" cannot grade itself.
 */
export interface Protocol<Subject> {
  id: string;
  mode: Mode;
  render(subject: Subject, asked?: Asked): string;
  /** What `render` shows when it is asked the same. */
  shows(subject: Subject, asked?: Asked): Shown;
  /** The prompt is a request that an assistant understands; a model with a chat template gets it as a message. */
  asksInWords?: boolean;
  /**
   * Text at which the judgment is over, for models that do not end by themselves but go on with another one. Only what
   * stands before it is read, kept and trained on (`own-part.ts`).
   */
  ownEnd?: string;
  parse(text: string): Reading;
}

/** A protocol that grades one answer from 1 to 5. */
export interface PointProtocol extends Protocol<Item> {
  /** The completion that a training example with this rationale and score ends in, without `<eos>`. */
  target(rationale: string, score: number): string;
  /** Text between the rationale and the score token (the place where p(1…5) is read). */
  scoreCue: string;
}

/** A protocol whose verdict on two answers can also be read off the probabilities of all its possible score lines. */
export interface ScoreLineProtocol extends Protocol<Comparison> {
  /** What follows the prompt when the answers, as shown, get these scores. */
  scoreLine(first: Score, second: Score): string;
}

/** One answer and no place for a reference. */
export function showsAnswerAlone(): Shown {
  return { order: [0], usedReference: false };
}
