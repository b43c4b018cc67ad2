/** Projects as files, from anybody: the archive, its manifest, and records under hashes that are right. */
import { BundleError } from '../../../src/share/bundle/bundle-error.ts';
import { readManifest } from '../../../src/share/bundle/manifest.ts';
import { recordsIn } from '../../../src/share/bundle/read-records.ts';
import { lineOf, recordOf } from '../../../src/share/bundle/record-line.ts';
import { pathOf, STORES, type BundleStore } from '../../../src/share/bundle/stores.ts';
import { files, manifestOf } from '../share/bundle/packed.ts';
import { PROJECT, RECORDS } from '../share/bundle/records.ts';
import { readWhole, writeWhole } from '../share/bundle/whole-bundle.ts';
import { fuzz, toJson } from './fuzz.ts';

const refusals = [BundleError];
const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());

fuzz({
  name: 'a record of a bundle',
  seeds: STORES.flatMap((store) => RECORDS[store].map((record) => lineOf(record, () => 'weights/1.bin'))),
  read: recordOf,
  refusals,
  again: (record) => lineOf(record),
});

fuzz({
  name: 'the manifest of a bundle',
  seeds: [JSON.stringify(await manifestOf(files()), null, 1)],
  read: readManifest,
  refusals,
  again: toJson,
});

fuzz({
  name: 'a bundle',
  seeds: [await bytesOf(await writeWhole({ project: PROJECT, made: 5, records: RECORDS }))],
  read: (bytes) => readWhole(new Blob([bytes])),
  refusals,
  again: async (whole) => bytesOf(await writeWhole(whole)),
  sealed: true,
});

/** What stands in an archive under hashes that are right. */
async function recordsOf(store: BundleStore, text: string): Promise<unknown[]> {
  const chunks = async function* () {
    yield new TextEncoder().encode(text);
  };
  const records: unknown[] = [];
  for await (const record of recordsIn(store, chunks())) records.push(record);
  return records;
}

for (const store of STORES)
  fuzz({
    name: `${store} of a bundle`,
    seeds: [files().get(pathOf(store)) as string],
    read: (text) => recordsOf(store, text),
    refusals,
    again: (records) => records.map((record) => `${lineOf(record)}\n`).join(''),
  });
