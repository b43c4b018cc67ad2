import type { Sampling } from '../model/sampling.ts';
import type { Score } from './item.ts';

export type { Sampling };

/** What is asked for: one answer's grade, a comparison of two or of several, the better of two judgments, an answer. */
export type Mode = 'point' | 'pair' | 'multi' | 'meta' | 'answer';

/** Half-open character range in a judgment's text. */
export type Span = [start: number, end: number];

/** What the judge decided, or why its text could not be read. */
export type Verdict =
  | { kind: 'score'; score: Score }
  | { kind: 'scores'; scores: number[] }
  | { kind: 'preference'; preferred: 0 | 1 }
  /** The judge sat an exam itself. */
  | { kind: 'answer'; response: string }
  | { kind: 'failure'; reason: string };

/**
 * One judgment of one item. The same record serves every method (pointwise, pairwise, several answers).
 * `ids` and `logprobs` are what the engine sampled: ids end with `<eos>` (or the token that ended the judgment's own
 * part, see `own-part.ts`) unless the text was cut at the length limit; logprobs belong to the untempered, untruncated distribution, one per id.
 */
export interface Judgment {
  id: string;
  itemId: string;
  sample: number;
  mode: Mode;
  protocol: string;
  /** Order in which the answers were shown; [0] for a single answer. */
  order: number[];
  /** Whether a reference answer stood in the prompt, whatever the subject has. */
  usedReference: boolean;
  /** Hash of the policy that wrote it (see `Policy`). */
  policy: string;
  sampling: Sampling;
  ids: Int32Array;
  logprobs: Float32Array;
  text: string;
  /** False when the text was cut at the length limit; such a judgment is never chosen. */
  finished: boolean;
  rationale: Span;
  /** Where the score stands in the text; null when it did not parse. */
  score: Span | null;
  verdict: Verdict;
}
