/** The rows that the run works on; read in place, since they are other people's (see each folder's SOURCE.md). */
import { importItems, openFile } from '../../../src/data/import/import.ts';
import { readPandaLm } from '../../../src/data/import/human-comparisons.ts';
import { importSplitKey, splitOf } from '../../../src/data/split.ts';
import { comparisonId, type ComparisonItem } from '../../../src/judge/comparison.ts';
import type { Item, Split } from '../../../src/judge/item.ts';
import { random, shuffled } from '../../../src/judge/random.ts';
import type { Winner } from '../../../src/judge/winner.ts';

const PANDALM = '/shared/data/pandalm/testset-v1.json';
const PROMETHEUS = '/shared/data/prometheus/derived';

/** Longer ones would make a prompt of more than a thousand tokens with its examples. */
const MOST_CHARACTERS = { pair: 1200, point: 2500, sampled: 1500 };

async function text(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} is not at hand here: this run needs the shared data sets.`);
  return response.text();
}

/** Two answers, and which the majority of people prefers. */
export interface VotedComparison extends ComparisonItem {
  vote: Winner;
}

/** People's votes on two answers, divided by prompt, in an order of their own. */
export async function comparisons(split: Split): Promise<VotedComparison[]> {
  const rows = readPandaLm(await text(PANDALM));
  const part = rows.filter(
    (row) =>
      splitOf(importSplitKey(row)) === split &&
      row.instruction.length + row.responses.join('').length <= MOST_CHARACTERS.pair,
  );
  // People were asked for the better answer and no more.
  const asItem = (row: (typeof part)[number]) => ({ ...row, criterion: '' });
  return shuffled(part, random('real-model', 'pandalm', split))
    .map(asItem)
    .map((item) => ({ ...item, id: comparisonId(item) }));
}

const length = ({ instruction, response }: Item) => instruction.length + response.length;

async function prometheus(name: string, most: number): Promise<Item[]> {
  const file = `${name}.parsed.jsonl`;
  const { items } = importItems(openFile(await text(`${PROMETHEUS}/${file}`), file));
  const part = items.filter((item) => item.score !== undefined && length(item) <= most);
  return shuffled(part, random('real-model', name));
}

/** What the judge is measured on, and what it is trained on: no instruction is in both. */
export const measuredItems = () => prometheus('vicuna_eval', MOST_CHARACTERS.point);
export const sampledItems = () => prometheus('mt_bench_eval', MOST_CHARACTERS.sampled);
