import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { distinctNames, type Table } from '../../../../src/data/export/table.ts';
import { tableToCsv, tableToJsonLines } from '../../../../src/data/export/write-table.ts';
import { guardedText, unguardedText } from '../../../../src/data/spreadsheet-text.ts';
import { readRows } from '../../../../src/data/import/rows.ts';
import { atOnce } from '../../../../src/judge/steps.ts';

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Any texts, more often ones that begin like a formula, an apostrophe or what CSV itself is written with. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '＝', "'", '"', ',', ';', '\t', '\r', '\n', ' ', 'a'),
  }),
);

const readBack = (text: string, name: string) =>
  atOnce(readRows(text, name)).rows.map(({ values }) => values);

describe('a table as CSV', () => {
  it('comes back as it was, whatever its texts', () => {
    const row = fc.tuple(anyText, anyText).filter((cells) => cells.some((cell) => cell !== ''));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        const read = readBack(tableToCsv({ columns: ['id', 'text'], rows }), 'a.csv');
        expect(read).toEqual(rows.map(([id, text]) => ({ id, text })));
      }),
      { numRuns: 1000 },
    );
  });

  it('has no cell that a spreadsheet would run, and none in its header', () => {
    fc.assert(
      fc.property(anyText, anyText, (name, text) => {
        const csv = tableToCsv({ columns: [name, 'b'], rows: [[text, 'x']] });
        const cells = Papa.parse<string[]>(csv, { delimiter: ',', newline: '\r\n' }).data.flat();
        for (const cell of cells) expect(cell).not.toMatch(FORMULA);
      }),
      { numRuns: 1000 },
    );
  });

  it('puts one apostrophe before what would run, and doubles one that stands there', () => {
    const texts = ['=1+1', '-1', "'=1+1", "'tis", "it's", '=a\n+b'];
    const guarded = ["'=1+1", "'-1", "''=1+1", "''tis", "it's", "'=a\n+b"];
    expect(texts.map(guardedText)).toEqual(guarded);
    expect(guarded.map(unguardedText)).toEqual(texts);
  });

  it('leaves an apostrophe that another program wrote before a word', () => {
    expect(readBack("item,verdict\n'tis,1\n", 'a.csv')).toEqual([{ item: "'tis", verdict: '1' }]);
  });

  it('keeps numbers numbers, below zero too', () => {
    expect(tableToCsv({ columns: ['gain', 'seen'], rows: [[-0.1 - 0.2, true], [NaN, null]] })).toBe(
      `gain,seen\r\n${-0.1 - 0.2},true\r\n,`,
    ); // prettier-ignore
  });
});

describe('a table as JSON Lines', () => {
  it('carries every text and every bit of a number', () => {
    const cell = fc.oneof(anyText, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const table: Table = { columns: ['a', '__proto__'], rows };
        const read = tableToJsonLines(table).trimEnd().split('\n').map((line) => JSON.parse(line) as object); // prettier-ignore
        const cells = read.map((row) => Object.entries(row).map(([, value]) => value as unknown));
        // −0 is written as 0.
        expect(cells).toEqual(rows.map((row) => row.map((one) => (one === 0 ? 0 : one))));
      }),
    );
  });
});

it('gives a name that stands twice a number', () => {
  expect(distinctNames(['a', 'b', 'a', 'a (2)', 'a'])).toEqual(['a', 'b', 'a (2)', 'a (2) (2)', 'a (3)']);
});
