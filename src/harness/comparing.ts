import type { ComparisonItem } from '../judge/comparison.ts';
import { promptIds } from '../judge/tokenizer.ts';
import type { Asked, Protocol } from '../judge/protocol.ts';
import { turned, type Winner } from '../judge/winner.ts';
import type { Place } from './job.ts';
import type { Spent } from './meter.ts';
import type { Workbench } from './workbench.ts';

/** Which pairs of answers are to be compared by which judge. */
export interface ComparingRequest extends Place {
  policy: string;
  /** Each of exactly two answers. */
  items: readonly ComparisonItem[];
  /** Told after each piece of work; tokens are those of prompts where nothing is written. */
  onSpent?: (spent: Spent) => Promise<void>;
}

/** One pair of answers as the judge saw it in one order. */
export interface OrderEvidence {
  /** Ids of the judgments that the verdict rests on: one, two for two point judgments, none where nothing was written. */
  judgmentIds: string[];
  /** What the judge wrote, or which probabilities it gave, for showing. */
  texts: string[];
}

/** A pair of answers, compared as it stands and with the answers exchanged. */
export interface ComparedPair {
  id: string;
  /**
   * The winner as it stands and exchanged, both in the item's own order: 1 its first answer, −1 its second, 0 a tie; null
   * where the judgment could not be read. Equal ones are consistent, different ones follow the position.
   */
  orders: [Winner | null, Winner | null];
  evidence: [OrderEvidence, OrderEvidence];
}

/** Which slot won in the two orders, as measures of position count it (`swapReport`); null where one was not read. */
export function slotWinners({ orders: [shown, exchanged] }: ComparedPair): [Winner, Winner] | null {
  return shown === null || exchanged === null ? null : [shown, turned(exchanged)];
}

/** A way in which a judge compares two answers. */
export interface ComparisonWay {
  /** Names it in records and settings. */
  id: string;
  /** In words, e.g. "two point judgments". */
  title: string;
  /** false where each answer is judged without the other: there is no position that could sway the verdict. */
  hasPosition: boolean;
  /** Whether prompts and judgments of this pair fit into the judge's context; one that does not is not to be asked. */
  fits(bench: Workbench, item: ComparisonItem): boolean;
  /** The pairs in the order of the request. @throws what the engine and the store throw; AbortError when cancelled */
  compare(bench: Workbench, request: ComparingRequest): Promise<ComparedPair[]>;
}

/** Both orders of two answers, as `Asked.order` takes them. */
export const BOTH_ORDERS = [
  [0, 1],
  [1, 0],
] as const;

/** Whether this question leaves room for so many more tokens. */
export function leavesRoom<Subject>(
  { engine, tokenizer }: Pick<Workbench, 'engine' | 'tokenizer'>,
  protocol: Protocol<Subject>,
  subject: Subject,
  tokens: number,
  asked?: Asked,
): boolean {
  return promptIds(tokenizer, protocol, subject, asked).length + tokens <= engine.model.contextLength;
}
