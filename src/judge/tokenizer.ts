import type { Item } from './item.ts';
import type { Protocol } from './protocol.ts';

/** What judging needs of a tokenizer (see `src/model/formats/tokenizer.ts`). `encode` adds no special tokens. */
export interface TextTokenizer {
  encode(text: string): Int32Array;
  decode(ids: ArrayLike<number>): string;
  readonly bos: number;
  readonly eos: number;
}

/** The ids that the judge continues: `<bos>` and the rendered item. */
export function promptIds(tokenizer: TextTokenizer, protocol: Protocol, item: Item): Int32Array {
  return Int32Array.from([tokenizer.bos, ...tokenizer.encode(protocol.render(item))]);
}

/** Sampled ids as text; `<eos>` at the end is not part of it. */
export function completionText(tokenizer: TextTokenizer, ids: Int32Array): string {
  return tokenizer.decode(ids.at(-1) === tokenizer.eos ? ids.subarray(0, -1) : ids);
}
