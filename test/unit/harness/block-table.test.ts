import { describe, expect, it } from 'vitest';
import { tableToCsv, tableToJsonLines } from '../../../src/data/export/write-table.ts';
import { blockTable } from '../../../src/harness/block-table.ts';
import { SAMPLE_BLOCKS } from '../../browser/app/sample-blocks.ts';

const { sentence, exhibits, ...numeric } = SAMPLE_BLOCKS;

/** Every number of a block, wherever it stands. Scales, and first columns of staircases, are no numbers of the picture. */
function numbersOf(value: unknown, key = ''): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null || ['least', 'most', 'staircases'].includes(key)) return [];
  return Object.entries(value).flatMap(([name, one]) => numbersOf(one, Array.isArray(value) ? key : name));
}

describe.each(Object.values(numeric))('a block of kind $kind', (block) => {
  const table = blockTable(block)!;

  it('keeps every number, whole', () => {
    const there = new Set(table.rows.flat().filter((cell) => typeof cell === 'number'));
    const all = numbersOf(block);
    expect(all.length).toBeGreaterThan(3);
    expect(all.filter((number) => !there.has(number))).toEqual([]);
  });

  it('is a table: as many cells in each row as there are columns, each named once', () => {
    expect(new Set(table.columns).size).toBe(table.columns.length);
    for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
    expect(tableToJsonLines(table).trimEnd().split('\n')).toHaveLength(table.rows.length);
    expect(tableToCsv(table).split('\r\n').length).toBeGreaterThan(table.rows.length);
  });
});

it('a sentence has no table', () => {
  expect(blockTable(sentence)).toBeNull();
});

it('exhibits keep their texts as they were written', () => {
  const texts = exhibits.exhibits.flatMap((one) => one.texts.map(([, text]) => text));
  expect(blockTable(exhibits)!.rows.flat()).toEqual(expect.arrayContaining(texts));
});
