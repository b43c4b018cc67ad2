import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Item, Split } from '../../../../src/judge/item.ts';
import { itemsHash, SPLITS } from '../../../../src/data/split.ts';
import { readItems } from '../../../../src/share/bundle/items-of-bundle.ts';
import { files, packed } from './packed.ts';
import { RECORDS } from './records.ts';

it('a file gives its items, their hash and its own', async () => {
  const file = await packed(files());
  const records = RECORDS.items as { split: Split; item: Item }[];
  const items = SPLITS.flatMap((split) =>
    records.filter((one) => one.split === split).map(({ item }) => item),
  );
  const bytes = new Uint8Array(await file.arrayBuffer());
  expect(await readItems(file)).toEqual({
    items,
    hashes: [itemsHash(items), expect.stringMatching(/^[0-9a-f]{16}$/)],
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
});

it('what is no project file is refused in words', async () => {
  await expect(readItems(new Blob(['instruction,response\n']))).rejects.toThrow('no ZIP archive');
});
