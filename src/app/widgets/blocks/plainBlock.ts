import { nameInShort } from '../../../harness/shown-text.ts';
import type { Block } from '../../../harness/report.ts';

/** What is looked up, not shown. */
const UNSHOWN = new Set(['kind', 'opens', 'format']);
/** What may be a paragraph; the rest are names, which files and models bring as long as they like. */
const LONG = new Set(['text', 'note', 'title']);
const MOST = 2000;

/** The block with every text in it as it may be shown; records have their own cards, which show texts whole. */
export function plainBlock(block: Block): Block {
  return block.kind === 'exhibits' ? block : (plain(block, '') as Block);
}

function plain(value: unknown, key: string): unknown {
  if (typeof value === 'string') return UNSHOWN.has(key) ? value : nameInShort(value, LONG.has(key) ? MOST : undefined); // prettier-ignore
  if (Array.isArray(value)) return value.map((one) => plain(one, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one, name)]));
}
