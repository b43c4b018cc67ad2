import type { Project } from '../../../../src/store/project.ts';
import { Bundle } from '../../../../src/share/bundle/read-bundle.ts';
import { FileInBundle } from '../../../../src/share/bundle/record-line.ts';
import { STORES, type BundleStore } from '../../../../src/share/bundle/stores.ts';
import { BundleWriter } from '../../../../src/share/bundle/write-bundle.ts';

/** All that a bundle holds; files are their bytes. */
export interface Whole {
  project: unknown;
  made: number;
  records: Record<BundleStore, unknown[]>;
}

export async function writeWhole({ project, made, records }: Whole): Promise<Blob> {
  const writer = new BundleWriter();
  for (const store of STORES) await writer.addRecords(store, records[store].map(withBlobs));
  return writer.finish({ appVersion: '0.1.0', made, project: project as Project });
}

export async function readWhole(file: Blob): Promise<Whole> {
  const bundle = await Bundle.open(file);
  const { project, made } = bundle.manifest;
  const records: Partial<Whole['records']> = {};
  for (const store of STORES) {
    const read: unknown[] = [];
    for await (const record of bundle.records(store)) read.push(await withBytes(record, bundle));
    records[store] = read;
  }
  await bundle.close();
  return { project, made, records: records as Whole['records'] };
}

async function withBytes(record: object, bundle: Bundle): Promise<unknown> {
  const parts = Object.entries(record).map(async ([key, value]): Promise<[string, unknown]> => {
    if (!(value instanceof FileInBundle)) return [key, value];
    return [key, new Uint8Array(await (await bundle.file(value.path)).arrayBuffer())];
  });
  return Object.fromEntries(await Promise.all(parts));
}

function withBlobs(record: unknown): unknown {
  const blob = (value: unknown): unknown =>
    value instanceof Uint8Array ? new Blob([value as BlobPart]) : value;
  return Object.fromEntries(Object.entries(record as object).map(([key, value]) => [key, blob(value)]));
}
