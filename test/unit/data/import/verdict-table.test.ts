import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImportError } from '../../../../src/data/import/errors.ts';
import { tableToCsv } from '../../../../src/data/export/write-table.ts';
import { readVerdictTable } from '../../../../src/data/import/verdict-table.ts';
import type { VerdictRow, VerdictValue } from '../../../../src/judge/verdict-table.ts';

const EMPTY = { group: null, judge: null, taker: null, order: null, variant: null, label: null };

/** The refusal of a text that must be refused. */
function refusal(text: string, name = 'a.csv'): ImportError {
  try {
    readVerdictTable(text, name);
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
  throw new Error('The table was expected to be refused.');
}

describe('a verdict table', () => {
  it('is read from CSV: columns in any order, absent ones null, empty cells neither read nor labelled', () => {
    const text = 'verdict,item,label,taker\n1,q1,0,base\n,q2,1,base\nfirst,q3,,\nTie,q4,2.5,\n';
    expect(readVerdictTable(text, 'a.csv').rows).toEqual([
      { ...EMPTY, item: 'q1', taker: 'base', verdict: 1, label: 0 },
      { ...EMPTY, item: 'q2', taker: 'base', verdict: null, label: 1 },
      { ...EMPTY, item: 'q3', verdict: 'first' },
      { ...EMPTY, item: 'q4', verdict: 'tie', label: 2.5 },
    ]);
  });

  it('is read from JSON Lines, where a row may leave out what it does not have', () => {
    const text = '{"item": 7, "verdict": "second", "group": "maths"}\n{"item": "8", "label": "1"}\n';
    expect(readVerdictTable(text, 'a.jsonl').rows).toEqual([
      { ...EMPTY, item: '7', group: 'maths', verdict: 'second' },
      { ...EMPTY, item: '8', verdict: null, label: 1 },
    ]);
  });

  it('says which columns it passed over', () => {
    expect(readVerdictTable('item,verdict,Label,note\na,1,1,x\n', 'a.csv').ignored).toEqual([
      'Label',
      'note',
    ]);
  });
});

describe('a refusal', () => {
  it.each([
    ['item', 'verdict,label\n1,1\n'],
    ['verdict', 'item,label\na,1\n'],
  ])('names the column that is missing: %s', (column, text) => {
    expect(refusal(text).message).toMatch(`no column "${column}"`);
  });

  it.each([
    ['a word that is no verdict', 'item,verdict\na,1\nb,yes\n', 3, '"yes"'],
    ['a label that is no number', 'item,verdict,label\na,1,Infinity\n', 2, '"Infinity"'],
    ['an item without a name', 'item,verdict\na,1\n,0\n', 3, 'not named'],
    ['a short record', 'item,verdict\na\n', 2, 'cells'],
  ])('names the line: %s', (_, text, line, words) => {
    const { rows, leftOut } = readVerdictTable(
      `${text}z,1${',1'.repeat(text.startsWith('item,verdict,') ? 1 : 0)}\n`,
      'a.csv',
    );
    expect(leftOut).toHaveLength(1);
    expect(leftOut[0]).toMatchObject({ line });
    expect(leftOut[0]?.message).toContain(words);
    expect(rows.at(-1)).toMatchObject({ item: 'z', verdict: 1 });
  });

  it.each([
    ['a verdict that is true', '{"item": "a", "verdict": true}', 'neither a number'],
    ['a label beyond all numbers', '{"item": "a", "verdict": 1, "label": 1e999}', 'neither a number'],
    ['a taker that is a list', '{"item": "a", "verdict": 1, "taker": []}', 'neither a text'],
    ['an item that is an object', '{"item": {}, "verdict": 1}', 'neither a text'],
  ])('says once what is wrong with a value of another kind: %s', (_, text, words) => {
    expect(refusal(text, 'a.jsonl').problems).toHaveLength(1);
    expect(refusal(text, 'a.jsonl').message).toContain(words);
  });

  it('lists twenty bad lines and counts the rest', () => {
    const { problems } = refusal(`item,verdict\n${'a,?\n'.repeat(25)}`);
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)?.message).toBe('And 5 more problems.');
  });
});

describe('any table', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  const name = fc.option(text);
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0));
  const value = fc.option(
    fc.oneof(fc.constantFrom<VerdictValue[]>('first', 'second', 'tie'), fc.constantFrom(0, 1), number),
  );
  const row: fc.Arbitrary<VerdictRow> = fc.record({
    item: text,
    group: name,
    judge: name,
    taker: name,
    order: name,
    variant: name,
    verdict: value,
    label: value,
  });
  const table = fc.array(row, { minLength: 1, maxLength: 20 });

  it('comes back the same from JSON Lines', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const lines = rows.map((one) => JSON.stringify(one)).join('\n');
        expect(readVerdictTable(lines, 'a.jsonl')).toEqual({ rows, leftOut: [], ignored: [] });
      }),
    );
  });

  it('comes back the same from CSV', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const columns = Object.keys(rows[0]!);
        const csv = tableToCsv({ columns, rows: rows.map((one) => Object.values(one)) });
        expect(readVerdictTable(csv, 'a.csv')).toEqual({ rows, leftOut: [], ignored: [] });
      }),
    );
  });
});
