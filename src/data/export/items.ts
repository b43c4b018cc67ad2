import type { Item } from '../../judge/item.ts';
import type { Table } from './table.ts';
import { tableToCsv } from './write-table.ts';

/** Items as JSON Lines; importing the text gives the same items. */
export function itemsToJsonLines(items: readonly Item[]): string {
  return items.map((item) => `${JSON.stringify(withoutId(item))}\n`).join('');
}

const COLUMNS = [
  'instruction',
  'response',
  'criterion',
  'reference',
  'score',
  'rationale',
  'family',
  'slip',
] as const;

/** Items as a table. */
export function itemsTable(items: readonly Item[]): Table {
  return { columns: COLUMNS, rows: items.map((item) => COLUMNS.map((column) => item[column] ?? null)) };
}

/** Items as CSV; importing the text gives the same items. */
export function itemsToCsv(items: readonly Item[]): string {
  return tableToCsv(itemsTable(items));
}

/** Ids are hashes of the content: they are computed anew at import. */
function withoutId({ id: _, ...content }: Item): Omit<Item, 'id'> {
  return content;
}
