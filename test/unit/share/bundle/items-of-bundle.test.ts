import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Item } from '../../../../src/judge/item.ts';
import { itemsHash } from '../../../../src/data/split.ts';
import { readItems } from '../../../../src/share/bundle/items-of-bundle.ts';
import { files, packed } from './packed.ts';
import { RECORDS } from './records.ts';

it('a file gives its items, their hash and its own', async () => {
  const file = await packed(files());
  const items = (RECORDS.items as { item: Item }[]).map(({ item }) => item);
  const bytes = new Uint8Array(await file.arrayBuffer());
  expect(await readItems(file)).toEqual({
    items,
    itemsHash: itemsHash(items),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
});

it('what is no project file is refused in words', async () => {
  await expect(readItems(new Blob(['instruction,response\n']))).rejects.toThrow('no ZIP archive');
});
