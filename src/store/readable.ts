import * as v from 'valibot';
import type { Connection, Unreadable } from './connection.ts';
import { AdapterSchema, LabRunSchema, ProjectSchema, RoundSchema, RunSchema } from './record-schemas.ts';
import type { Schema } from './schema.ts';

/** Stores whose records are checked when they are read. */
export type CheckedStore = Unreadable['store'];

const SCHEMAS: Record<CheckedStore, v.GenericSchema> = {
  projects: ProjectSchema,
  runs: RunSchema,
  rounds: RoundSchema,
  labRuns: LabRunSchema,
  adapters: AdapterSchema,
};

const NAMES: Record<CheckedStore, [one: string, many: string]> = {
  projects: ['project', 'projects'],
  runs: ['run', 'runs'],
  rounds: ['round of a run', 'rounds of runs'],
  labRuns: ["lab's run", "labs' runs"],
  adapters: ['adapter', 'adapters'],
};

const WHY = 'made by another version of this page, or damaged';

/** "1 stored run could not be read: …" */
export function unreadableInWords(store: CheckedStore, count: number): string {
  const [one, many] = NAMES[store];
  return count === 1
    ? `1 stored ${one} could not be read: it was ${WHY}. It is left out; everything else is as it was.`
    : `${count} stored ${many} could not be read: they were ${WHY}. They are left out; everything else is as it was.`;
}

/** Thrown when just the record that is needed cannot be read. */
export class UnreadableRecordError extends Error {
  override name = 'UnreadableRecordError';
  constructor(store: CheckedStore) {
    super(`This ${NAMES[store][0]} cannot be read: it was ${WHY}. Nothing of it was changed.`);
  }
}

export const isReadable = (store: CheckedStore, record: unknown): boolean => v.is(SCHEMAS[store], record);

/** Those that can be read; of the others the connection's owner is told. */
export function readable<Store extends CheckedStore>(
  connection: Connection,
  store: Store,
  records: readonly Schema[Store]['value'][],
): Schema[Store]['value'][] {
  const unreadable = records.filter((record) => !isReadable(store, record));
  if (unreadable.length === 0) return [...records];
  connection.options.onUnreadable?.(unreadable.map((record) => ({ store, id: idOf(record) })));
  return records.filter((record) => !unreadable.includes(record));
}

/** @throws UnreadableRecordError */
export function theReadable<Store extends CheckedStore>(
  store: Store,
  record: Schema[Store]['value'] | undefined,
): Schema[Store]['value'] | undefined {
  if (record !== undefined && !isReadable(store, record)) throw new UnreadableRecordError(store);
  return record;
}

/** What a list that also shows the unreadable calls it. */
export function listedName({ id, name }: { id: string; name: unknown }): string {
  return typeof name === 'string' && name !== '' ? name : id;
}

function idOf(record: Schema[CheckedStore]['value']): string {
  return 'id' in record ? record.id : `${record.runId}/${record.number}`;
}
