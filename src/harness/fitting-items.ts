import type { Item } from '../judge/item.ts';
import { promptIds } from '../judge/tokenizer.ts';
import { beginningOf } from './shown-text.ts';
import type { Workbench } from './workbench.ts';

/** Items whose prompt and longest judgment fit into the context; the others are counted, never cut. */
export async function fittingItems(
  { engine, tokenizer, protocol }: Pick<Workbench, 'engine' | 'tokenizer' | 'protocol'>,
  items: readonly Item[],
  maxTokens: number,
  yieldToEventLoop: () => Promise<void>,
): Promise<Item[]> {
  const longest = engine.model.contextLength - maxTokens;
  const fitting: Item[] = [];
  for (const item of items) {
    const text = protocol.render(item);
    // No tokenizer here makes more tokens than UTF-8 bytes, at most three per UTF-16 unit: short texts need no count.
    const surelyFits = text.length * 3 + 2 <= longest;
    if (
      surelyFits ||
      (!isSurelyTooLong(text, longest, tokenizer) && promptIds(tokenizer, protocol, item).length <= longest)
    )
      fitting.push(item);
    await yieldToEventLoop();
  }
  return fitting;
}

/** Letters to a token in a beginning that is counted first: a text of a megabyte takes a second to count whole. */
const LETTERS = 16;
/** The cut may part a token in two or three. */
const CUT = 8;

/** Whether the beginning of a long text alone has too many tokens. False decides nothing. */
function isSurelyTooLong(text: string, longest: number, tokenizer: Workbench['tokenizer']): boolean {
  const beginning = LETTERS * Math.max(1, longest);
  return text.length > beginning && tokenizer.encode(beginningOf(text, beginning)).length > longest + CUT;
}
