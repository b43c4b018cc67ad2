import type { Table } from '../../data/export/table.ts';
import type { SaveFormat } from './saveFile.ts';
import type { TableFormat } from './tableFile.ts';

/** A table's ways out: for spreadsheets, and for programs in whole precision. What writes them is fetched then. */
export function tableFormats(name: string, table: () => Table | null | Promise<Table>): SaveFormat[] {
  const format = (kind: TableFormat): SaveFormat => ({
    name: kind.toUpperCase(),
    fileName: `${name}.${kind}`,
    make: async () => {
      const { tableFile } = await import('./tableFile.ts');
      const found = await table();
      if (!found) throw new Error('There are no numbers here.');
      return tableFile(found, kind);
    },
  });
  return [format('csv'), format('jsonl')];
}
