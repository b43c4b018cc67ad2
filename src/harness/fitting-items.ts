import type { Item } from '../judge/item.ts';
import { promptIds } from '../judge/tokenizer.ts';
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
    // No tokenizer here makes more tokens than UTF-8 bytes, at most three per UTF-16 unit: short texts need no count.
    const surelyFits = protocol.render(item).length * 3 + 2 <= longest;
    if (surelyFits || promptIds(tokenizer, protocol, item).length <= longest) fitting.push(item);
    await yieldToEventLoop();
  }
  return fitting;
}
