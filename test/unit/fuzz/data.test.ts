/** Data files, verdicts and votes: hostile, damaged, or only odd. */
import Papa from 'papaparse';
import { expect } from 'vitest';
import { itemsToCsv, itemsToJsonLines } from '../../../src/data/export/items.ts';
import { ImportError } from '../../../src/data/import/errors.ts';
import { readPandaLm } from '../../../src/data/import/human-comparisons.ts';
import { importItems, openFile } from '../../../src/data/import/import.ts';
import { releasedRows } from '../../../src/data/import/judging-the-judges-rows.ts';
import { readJudgingTheJudges } from '../../../src/data/import/judging-the-judges.ts';
import { readMtBenchVotes, type MtBenchVotes } from '../../../src/data/import/mt-bench-votes.ts';
import { readVerdictTable } from '../../../src/data/import/verdict-table.ts';
import { microItems } from '../../../src/data/micro/items.ts';
import type { Item } from '../../../src/judge/item.ts';
import type { VerdictRow } from '../../../src/judge/verdict-table.ts';
import { fuzz, toJson } from './fuzz.ts';

const items: Item[] = [
  ...microItems('train', 5, 3),
  {
    id: '',
    instruction: 'Say "hi",\nplease; now',
    response: 'hi',
    criterion: 'tone',
    reference: 'Hi.',
    score: 4,
  },
];
const jsonl = itemsToJsonLines(items);
const rows = jsonl.trim().split('\n');

const FILES = {
  'a.jsonl': [jsonl, rows.map((row) => JSON.stringify(JSON.parse(row), null, 2)).join('\n')],
  'a.json': [`[${rows.join(',\n')}]`, `{"data": [${rows.join(',')}], "n": 4}`, jsonl],
  'a.csv': [itemsToCsv(items), Papa.unparse(items, { delimiter: ';', newline: '\n' })],
};

for (const [name, seeds] of Object.entries(FILES))
  fuzz({
    name: `a data file ${name}`,
    seeds,
    read: (text) => importItems(openFile(text, name)).items,
    refusals: [ImportError],
    check: (taken) => expect(importItems(openFile(itemsToJsonLines(taken), 'b.jsonl')).items).toEqual(taken),
  });

const verdicts: VerdictRow[] = [1, 0, null, 'first', 'tie', 2.5].map((verdict, i) => ({
  item: `q${i}`,
  group: 'maths, "hard"',
  judge: 'a',
  taker: i % 2 ? 'b' : null,
  order: null,
  variant: null,
  verdict: verdict as VerdictRow['verdict'],
  label: 1,
}));

for (const [name, seed] of [
  ['v.jsonl', verdicts.map((row) => JSON.stringify(row)).join('\n')],
  ['v.csv', Papa.unparse(verdicts)],
] as const)
  fuzz({
    name: `a verdict table ${name}`,
    seeds: [seed],
    read: (text) => readVerdictTable(text, name).rows,
    refusals: [ImportError],
    check: (taken) => {
      const lines = taken.map((row) => JSON.stringify(row)).join('\n');
      expect(readVerdictTable(lines, 'w.jsonl').rows).toEqual(taken);
    },
  });

const VOTES = `judge,model_a,model_b,question_id,turn,winner
author_2,alpaca-13b,gpt-3.5-turbo,81,1,b
expert_17,alpaca-13b,gpt-3.5-turbo,81,2,tie
gpt-4,gpt-4,"llama, 13b",90,1,inconsistent
`;

function votesToCsv({ human, gpt4 }: MtBenchVotes): string {
  const fields = ['judge', 'model_a', 'model_b', 'question_id', 'turn', 'winner'];
  const data = [...human, ...gpt4].map(({ judge, a, b, question, turn, winner, inconsistent }) => [
    judge,
    a,
    b,
    question,
    String(turn),
    inconsistent ? 'inconsistent' : winner,
  ]);
  return Papa.unparse({ fields, data });
}

fuzz({
  name: "MT-bench's votes",
  seeds: [VOTES],
  read: readMtBenchVotes,
  refusals: [ImportError],
  check: (votes) => {
    if (votes.human.length + votes.gpt4.length > 0)
      expect(readMtBenchVotes(votesToCsv(votes))).toEqual(votes);
  },
});

const pandaLm = [
  {
    instruction: 'Say hello.',
    input: '',
    response1: 'Hello.',
    response2: true,
    annotator1: 1,
    annotator2: 1,
    annotator3: 2,
  },
  {
    instruction: 'Sum up.',
    input: 'A text.',
    response1: 'A',
    response2: 'B',
    annotator1: 0,
    annotator2: 1,
    annotator3: 2,
  },
];

fuzz({
  name: "PandaLM's comparisons",
  seeds: [JSON.stringify(pandaLm)],
  read: readPandaLm,
  refusals: [ImportError],
});

const counts = { tp: 3, fp: 1, fn: 0, tn: 2 };
const released = {
  firstFile: {
    takers: { base: { items: 8, right: 4 } },
    judges: {
      'GPT-4': { kind: 'model', takers: { base: { ...counts, unread: 2 } } },
      match: { kind: 'lexical', takers: { base: { ...counts, unread: 2 } } },
    },
  },
  secondFile: { judges: { 'GPT-4': counts } },
};

fuzz({
  name: "Judging the Judges' counts",
  seeds: [JSON.stringify(released, null, 1)],
  read: readJudgingTheJudges,
  refusals: [ImportError],
  again: toJson,
  check: (value) => {
    for (const row of releasedRows(value)) expect(row.item).not.toBe('');
  },
});
