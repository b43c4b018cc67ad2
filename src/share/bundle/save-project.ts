import type { Connection } from '../../store/connection.ts';
import { ProjectRecords, type Saved } from './project-records.ts';
import { STORES } from './stores.ts';
import { BundleWriter } from './write-bundle.ts';

/** Records told at once: each report is a message. */
const TOLD_EVERY = 100;

/**
 * A project as one file. What is at work meanwhile goes on, and is in the file as far as it was when its turn came.
 * @param report is told how many records of how many are written
 */
export async function saveProject(
  connection: Connection,
  saved: Saved,
  appVersion: string,
  report: (done: number, total: number) => void = () => {},
): Promise<Blob> {
  const records = await ProjectRecords.of(connection, saved);
  const total = await records.count();
  let done = 0;
  const writer = new BundleWriter();
  for (const store of STORES) {
    const counted = async function* () {
      for await (const record of records.records(store)) {
        if (++done % TOLD_EVERY === 0) report(Math.min(done, total), total);
        yield record;
      }
    };
    await writer.addRecords(store, counted());
  }
  const file = await writer.finish({ appVersion, made: Date.now(), project: records.project });
  report(total, total);
  return file;
}
