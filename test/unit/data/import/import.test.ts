import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { ImportError, type ImportProblem } from '../../../../src/data/import/errors.ts';
import { importItems, openFile } from '../../../../src/data/import/import.ts';
import { checkFileSize } from '../../../../src/data/import/limits.ts';
import { guessMapping } from '../../../../src/data/import/mapping.ts';
import { itemsToCsv, itemsToJsonLines } from '../../../../src/data/export/items.ts';
import { microItems } from '../../../../src/data/micro/items.ts';
import { summarise } from '../../../../src/data/summary.ts';

const load = (text: string, name: string) => importItems(openFile(text, name)).items;

/** What is wrong with a file: the rows that are left out, or why nothing of it can be used. */
function problemsOf(text: string, name: string): readonly ImportProblem[] {
  try {
    return importItems(openFile(text, name)).leftOut;
  } catch (error) {
    if (error instanceof ImportError) return error.problems;
    throw error;
  }
}

const row = (fields: object) =>
  JSON.stringify({ instruction: 'Add.', response: '4', criterion: 'right', ...fields });

describe('reading files', () => {
  it('reads the same items from JSON Lines, JSON and CSV', () => {
    const fields = { instruction: 'Say "hi",\nplease', response: 'hi', criterion: 'tone', score: 4 };
    const csv = 'instruction,response,criterion,score\n"Say ""hi"",\nplease",hi,tone,4\n';
    const expected = load(JSON.stringify(fields), 'a.jsonl');
    expect(expected[0]).toMatchObject(fields);
    expect(load(JSON.stringify([fields]), 'a.json')).toEqual(expected);
    expect(load(JSON.stringify({ data: [fields] }), 'a.json')).toEqual(expected);
    expect(load(csv, 'a.csv')).toEqual(expected);
    expect(load('\uFEFF' + csv.replaceAll(',', ';').replace('"";', '"",'), 'a.csv')).toEqual(expected);
  });

  it('takes the format from the text where the name has no ending', () => {
    expect(load(`[${row({})}]`, 'items')).toHaveLength(1);
    expect(load(`${row({})}\n`, 'items')).toHaveLength(1);
    expect(load('prompt,answer\na,b', 'items')).toHaveLength(1);
  });

  it('reads JSON Lines in a file that calls itself .json', () => {
    expect(load(`${row({})}\n${row({ response: '5' })}\n`, 'a.json')).toHaveLength(2);
  });

  it('reads JSON of another shape under the name of JSON Lines', () => {
    expect(load(`[\n ${row({})},\n ${row({ response: '5' })}\n]\n`, 'a.jsonl')).toHaveLength(2);
    const pretty = [{}, { response: '5' }].map((fields) => JSON.stringify(JSON.parse(row(fields)), null, 2));
    expect(load(pretty.join('\n'), 'a.jsonl')).toHaveLength(2);
    expect(load(pretty[0]!, 'a.jsonl')).toHaveLength(1);
  });

  it('counts repeated rows once', () => {
    const read = importItems(openFile([row({ score: 3 }), row({ score: 3 })].join('\n'), 'a.jsonl'));
    expect(read).toMatchObject({ items: [{ score: 3 }], duplicates: 1 });
  });

  it('keeps an item without a score as unlabelled', () => {
    expect(load(row({ score: null }), 'a.jsonl')[0]).not.toHaveProperty('score');
  });
});

describe('bad files', () => {
  it.each([
    ['broken JSON', 'a.jsonl', `${row({})}\n\n{"instruction": `, 3],
    ['a line that is no object', 'a.jsonl', `${row({})}\n[1, 2]`, 2],
    ['an unknown score', 'a.jsonl', `${row({})}\n${row({ response: '5', score: 9 })}`, 2],
    ['a score between two levels', 'a.jsonl', row({ score: '3.5' }), 1],
    ['a missing response', 'a.jsonl', '{"instruction": "a", "response": "", "score": 3}', 1],
    ['a text that is a list', 'a.jsonl', row({ response: ['a'] }), 1],
    ['two scores for one item', 'a.jsonl', `${row({ score: 1 })}\n${row({ score: 2 })}`, 2],
    ['an element that is no object', 'a.json', `[\n  ${row({})},\n  7\n]`, 3],
    ['broken JSON in an array', 'a.json', `[\n${row({})},\n{"a" 1}\n]`, 3],
    [
      'a bad score in an array in an object',
      'a.json',
      `{\n"data": [\n${row({})},\n${row({ score: 0 })}]}`,
      4,
    ],
    ['a short record', 'a.csv', 'instruction,response\n"two\nlines",b\nc\n', 4],
    ['an open quote', 'a.csv', 'instruction,response\na,b\n"c,d\n', 3],
    ['a column named twice', 'a.csv', 'response,response\na,b\n', 1],
  ])('name the line: %s', (_, name, text, line) => {
    expect(problemsOf(text, name)[0]?.line).toBe(line);
  });

  it.each([
    ['an empty file', '', 'a.jsonl'],
    ['no records', '[]', 'a.json'],
    ['a number', '7', 'a.json'],
    ['no response column', '{"instruction": "a"}', 'a.jsonl'],
  ])('are refused as a whole: %s', (_, text, name) => {
    expect(problemsOf(text, name)[0]?.message).toMatch(/file|column/);
  });

  it('list twenty lines, where none can be used', () => {
    const text = Array.from({ length: 25 }, (_, i) => row({ response: String(i), score: 7 })).join('\n');
    const problems = problemsOf(text, 'a.jsonl');
    expect(problems.slice(0, 2).map(({ line }) => line)).toEqual([1, 2]);
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)?.message).toBe('And 5 more problems.');
  });
});

describe('a bad row takes no other with it', () => {
  const good = (i: number) => ({ instruction: `Add ${i}.`, response: '4', criterion: 'right' });
  const csv = (...lines: string[]) => `instruction,response,criterion\n${lines.join('\n')}\n`;
  const long = 'x'.repeat(1_200_000);
  const kept = (text: string, name: string) => {
    const { items, leftOut } = importItems(openFile(text, name));
    return { kept: items.map(({ instruction }) => instruction), lines: leftOut.map(({ line }) => line) };
  };

  it.each<[string, string, string, number[]]>([
    ['a line of JSONL that breaks off', 'a.jsonl', `${row(good(1))}\n{"instruction": \n${row(good(2))}`, [2]],
    ['a line of 1.2 MB', 'a.jsonl', `${row(good(1))}\n${row({ response: long })}\n${row(good(2))}`, [2]],
    [
      'an element of 1.2 MB on the one line',
      'a.json',
      `[${row(good(1))},${row({ response: long })},${row(good(2))}]`,
      [1],
    ],
    [
      'a text of 300 kB',
      'a.json',
      `[${row(good(1))},\n${row({ response: 'x'.repeat(3e5) })},\n${row(good(2))}]`,
      [2],
    ],
    ['an element that is no JSON', 'a.json', `[\n${row(good(1))},\n{"a" 1},\n${row(good(2))}]`, [3]],
    [
      'an element that lacks a quote',
      'a.json',
      `[\n${row(good(1))},\n{"instruction": "a},\n${row(good(2))}]`,
      [3],
    ],
    ['an element that lacks a bracket', 'a.json', `[\n${row(good(1))},\n{"a": [1},\n${row(good(2))}]`, [3]],
    [
      'a file that breaks off',
      'a.json',
      `[\n${row(good(1))},\n${row(good(2))},\n{"instruction": "a", "resp`,
      [4],
    ],
    ['a key that stands twice', 'a.jsonl', `${row(good(1))}\n{"score": 1, "score": 5}\n${row(good(2))}`, [2]],
    [
      'a nesting of 40',
      'a.jsonl',
      `${row(good(1))}\n{"a":${'['.repeat(40)}${']'.repeat(40)}}\n${row(good(2))}`,
      [2],
    ],
    ['a record with a cell too few', 'a.csv', csv('Add 1.,4,right', 'x,y', 'Add 2.,4,right'), [3]],
    ['a record with an open quote', 'a.csv', csv('Add 1.,4,right', '"x,4,right', 'Add 2.,4,right'), [3]],
    [
      'an open quote before quoted cells',
      'a.csv',
      csv('Add 1.,4,right', '"x,4,right', '"Add 2.",4,right'),
      [3],
    ],
    ['a record of 1.2 MB', 'a.csv', csv('Add 1.,4,right', `x,${long},right`, 'Add 2.,4,right'), [3]],
    [
      'a quoted record of 1.2 MB',
      'a.csv',
      csv('Add 1.,4,right', `x,"${long}\n",right`, 'Add 2.,4,right'),
      [3],
    ],
  ])('%s', (_, name, text, lines) => {
    expect(kept(text, name)).toEqual({ kept: ['Add 1.', 'Add 2.'], lines });
  });

  it('keeps what the file says there, so that it can be mended', () => {
    const { leftOut } = importItems(openFile(csv('Add 1.,4,right', '"x,4,right', 'Add 2.,4,right'), 'a.csv'));
    expect(leftOut[0]).toMatchObject({ line: 3, source: '"x,4,right' });
  });

  it('gives up a file of open quotes and says so', () => {
    const text = csv('Add 1.,4,right', ...Array.from({ length: 200 }, (_, i) => `"open ${i},4,right`));
    const { items, leftOut } = importItems(openFile(text, 'a.csv'));
    expect(items).toHaveLength(1);
    expect(leftOut.at(-1)?.message).toContain('the rest of the file was not read');
  });

  it('reads a large CSV window by window as the whole', () => {
    const cell = (i: number) => (i % 7 === 0 ? `line\nbreak "${i}"` : `${'text '.repeat(i % 50)}${i}`);
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ instruction: `${i}`, response: cell(i) }));
    const read = openFile(Papa.unparse(rows), 'a.csv').rows;
    expect(read.map(({ values }) => values)).toEqual(rows);
    expect(read.at(-1)?.line).toBe(1 + rows.length + rows.slice(0, -1).filter((_, i) => i % 7 === 0).length);
  });
});

describe('limits are named in the units of a person', () => {
  it('of a file', () => {
    expect(() => checkFileSize(200_000_286)).toThrow(
      'The file has 200 MB; at most 50 MB can be opened here. Split it',
    );
  });

  it('of rows', () => {
    const text = '{"instruction":"a","response":"b"}\n'.repeat(100_001);
    expect(() => openFile(text, 'a.jsonl')).toThrow('The file has more than 100,000 rows');
  });
});

describe('names from objects’ insides are names like others', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'])(
    'a column "%s"',
    (name) => {
      const values = `{"instruction": "a", "response": "b", ${JSON.stringify(name)}: {"polluted": 1}}`;
      for (const [text, file] of [
        [values, 'a.jsonl'],
        [`instruction,response,${name}\na,b,c\n`, 'a.csv'],
      ] as const) {
        const opened = openFile(text, file);
        expect(opened.columns).toEqual(['instruction', 'response', name]);
        const columns = { ...opened.mapping.columns, family: name };
        if (file === 'a.csv')
          expect(importItems(opened, { ...opened.mapping, columns }).items[0]).toMatchObject({ family: 'c' });
        // Where a row lacks the column, what every object has is not its value.
        expect(
          importItems(openFile('{"instruction": "a", "response": "b"}', 'a.jsonl'), {
            ...opened.mapping,
            columns,
          }).items[0],
        ).not.toHaveProperty('family');
      }
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    },
  );
});

describe('mapping', () => {
  it('guesses the usual names, however they are written', () => {
    const { columns } = guessMapping(['Prompt', 'Answer', 'Human Score', 'notes']);
    expect(columns).toMatchObject({
      instruction: 'Prompt',
      response: 'Answer',
      score: 'Human Score',
      criterion: null,
    });
  });

  it('takes another column when told to', () => {
    const file = openFile('{"q": "a", "mine": "b", "response": "c"}', 'a.jsonl');
    const columns = { ...file.mapping.columns, instruction: 'q', response: 'mine' };
    const { items } = importItems(file, { columns, defaultCriterion: 'clarity' });
    expect(items[0]).toMatchObject({ instruction: 'a', response: 'b', criterion: 'clarity' });
  });
});

describe('export', () => {
  const items = microItems('train', 5, 100);

  it('comes back as the same items', () => {
    expect(load(itemsToJsonLines(items), 'a.jsonl')).toEqual(items);
    expect(load(itemsToCsv(items), 'a.csv')).toEqual(items);
  });

  it('comes back the same for any texts', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, text, text, (instruction, response, criterion) => {
        const original = { id: '', instruction, response, criterion };
        expect(load(itemsToJsonLines([original]), 'a.jsonl')[0]).toMatchObject({
          instruction,
          response,
          criterion,
        });
      }),
    );
  });

  it('lets no spreadsheet run a text as a formula', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r']) {
      const csv = itemsToCsv([{ id: '', instruction: `${start}1`, response: 'b', criterion: 'c' }]);
      expect(csv.split('\r\n').slice(1).join('\r\n')).toMatch(/^"?'/);
    }
  });
});

describe('summary', () => {
  it('counts', () => {
    const text = [1, 5, 5].map((score, i) => row({ response: String(i), score })).join('\n');
    expect(summarise(load(text, 'a.jsonl'))).toMatchObject({
      items: 3,
      instructions: 1,
      labelled: 3,
      histogram: [1, 0, 0, 0, 2],
    });
  });
});

const SHARED = new URL('../../../../../shared/data/', import.meta.url);

describe('published sets, read in place', () => {
  const read = (path: string) => readFileSync(new URL(path, SHARED), 'utf8');
  if (!existsSync(SHARED)) console.info('../shared/data is absent: the published sets are not read.');

  it.skipIf(!existsSync(SHARED)).each(['mt_bench_eval', 'vicuna_eval'])('Prometheus %s', (name) => {
    const items = load(read(`prometheus/derived/${name}.parsed.jsonl`), `${name}.parsed.jsonl`);
    expect(summarise(items)).toMatchObject({ items: 320, labelled: 320 });
    expect(items.every(({ criterion, reference }) => /\nScore 5: /.test(criterion) && reference)).toBe(true);
  });

  it.skipIf(!existsSync(SHARED))('PandaLM', () => {
    const file = openFile(read('pandalm/testset-v1.json'), 'testset-v1.json');
    const { items, duplicates } = importItems(file);
    expect(file.rows).toHaveLength(2 * 999);
    expect(items.length + duplicates).toBe(2 * 999);
    expect(summarise(items)).toMatchObject({ instructions: 170, labelled: 0 });
  });
});
