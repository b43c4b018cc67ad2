import { leftOutInWords } from '../../src/data/import/errors.ts';
import { importItems, openFile } from '../../src/data/import/import.ts';
import { checkFileSize } from '../../src/data/import/limits.ts';
import { builtInItems } from '../../src/data/micro/built-in.ts';
import { importSplitKey, splitOf } from '../../src/data/split.ts';
import type { Item, Split } from '../../src/judge/item.ts';
import type { SplitItems } from '../../src/judge/item.ts';
import { atOnce } from '../../src/judge/steps.ts';
import type { Host } from '../host.ts';

/** Items of a file in the work folder; rows that give none are listed. @throws ImportError */
export async function readItems(host: Host, name: string): Promise<Item[]> {
  const bytes = await host.readFile(name);
  if (!bytes) throw new Error(`${name} is not in the work folder.`);
  checkFileSize(bytes.length);
  const { items, duplicates, leftOut } = importItems(openFile(new TextDecoder().decode(bytes), name));
  host.log(`${name}: ${items.length} items${duplicates ? `, ${duplicates} repeated rows left out` : ''}`);
  for (const line of leftOutInWords(leftOut)) host.log(line);
  return items;
}

/** Imported items are split by instruction, so that a judge is tested on questions it has never seen. */
const part = (items: Item[], split: Split) => items.filter((item) => splitOf(importSplitKey(item)) === split);

/** A held-out file of its own: what shares an instruction with it is not trained on. */
function withHeldout(items: Item[], heldout: Item[], log: (line: string) => void): SplitItems {
  const tested = new Set(heldout.map(importSplitKey));
  const unseen = items.filter((item) => !tested.has(importSplitKey(item)));
  const shared = items.length - unseen.length;
  if (shared > 0) log(`${shared} training items share an instruction with a held-out item and are left out`);
  const validation = part(unseen, 'validation');
  return { train: unseen.filter((item) => !validation.includes(item)), validation, heldout };
}

/** The three parts to work on: the user's files, or the built-in micro tasks. @throws ImportError */
export async function splitItems(
  host: Host,
  { data, heldout }: { data: string | null; heldout: string | null },
): Promise<SplitItems> {
  if (data === null && heldout !== null) throw new Error('--heldout needs --data as well.');
  if (data === null) return atOnce(builtInItems());
  const items = await readItems(host, data);
  if (heldout !== null) return withHeldout(items, await readItems(host, heldout), (line) => host.log(line));
  return {
    train: part(items, 'train'),
    validation: part(items, 'validation'),
    heldout: part(items, 'heldout'),
  };
}
