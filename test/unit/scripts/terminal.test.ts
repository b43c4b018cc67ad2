import Papa from 'papaparse';
import { afterEach, expect, it, vi } from 'vitest';
import { itemsToCsv } from '../../../src/data/export/items.ts';
import { reportText } from '../../../src/harness/report-text.ts';
import type { Block } from '../../../src/harness/report.ts';
import { jsonLine, print, tell } from '../../../scripts/terminal.ts';
import { attacks, shortAttacks } from '../../attacks.ts';

/** What a terminal obeys, and what turns text around in it; line breaks and tabs are harmless. */
const STEERING = /[\u0000-\u0008\u000B-\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;

afterEach(() => {
  vi.restoreAllMocks();
});

it.each(attacks())('$name reaches a terminal as text', ({ text }) => {
  const said: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  tell(new Error(`"${text}" is not there.`));
  print(text, true);
  const line = jsonLine({ text });
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({ text });
  for (const one of [...said, line]) expect(STEERING.test(one)).toBe(false);
  expect(said).toHaveLength(2);
});

it('model output goes into a pipe as it is', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  print('\u001B[31m', false);
  expect(log).toHaveBeenCalledWith('\u001B[31m');
});

it.each(shortAttacks())('$name stays text in a Markdown report', ({ text }) => {
  const blocks: Block[] = [
    { kind: 'table', title: text, columns: [{ title: text }, { title: 'n' }], rows: [{ cells: [text, 3] }], note: text },
    { kind: 'intervals', title: 't', format: 'share', rows: [{ label: text, value: 0.5 }], lines: [{ label: text, at: 0 }] },
    { kind: 'exhibits', title: 't', exhibits: [{ title: text, facts: [['Label', text]], texts: [['Answer', text]] }] },
    { kind: 'sentence', text },
  ]; // prettier-ignore
  const written = reportText(blocks);
  expect(STEERING.test(written)).toBe(false);
  // No tag, link, entity, code or heading begins that a backslash does not stop.
  expect(written).not.toMatch(/(?<!\\)(?:<[a-z!/?]|`|&(?=#?\w+;)|\](?=\())/i);
  for (const line of written.split('\n')) expect(line).not.toMatch(/^#/);
});

it('no exported cell is a formula to a spreadsheet', () => {
  const items = shortAttacks().map(({ text }, i) => ({
    id: String(i),
    instruction: text,
    response: text,
    criterion: text,
    family: text,
  }));
  const rows = Papa.parse<string[]>(itemsToCsv(items)).data;
  expect(rows).toHaveLength(items.length + 1);
  for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
});
