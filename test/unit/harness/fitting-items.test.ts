import { expect, test } from 'vitest';
import { fittingItems } from '../../../src/harness/fitting-items.ts';
import type { Item } from '../../../src/judge/item.ts';
import { promptIds } from '../../../src/judge/tokenizer.ts';
import { nanoPoint } from '../../../src/judge/protocols/nano.ts';
import { letters, ScriptedEngine, scriptedItems } from './scripted-engine.ts';

const engine = new ScriptedEngine();
const judge = { engine, tokenizer: letters, protocol: nanoPoint };
const [short, other] = scriptedItems('Sum up', 2) as [Item, Item];
const lengthOf = (item: Item) => promptIds(letters, nanoPoint, item).length;
const nothing = () => Promise.resolve();

test('one long item is left out, wherever it stands, and takes no other with it', async () => {
  const long = { ...short, id: 'long', response: 'one two three '.repeat(60) };
  for (const items of [
    [long, short, other],
    [short, long, other],
    [short, other, long],
  ])
    expect(await fittingItems(judge, items, 8, nothing)).toEqual([short, other]);
});

test('an item fits to the last token that the judgment leaves', async () => {
  const most = engine.model.contextLength - lengthOf(short);
  expect(await fittingItems(judge, [short], most, nothing)).toEqual([short]);
  expect(await fittingItems(judge, [short], most + 1, nothing)).toEqual([]);
});
