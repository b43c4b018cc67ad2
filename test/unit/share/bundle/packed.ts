import { createHash } from 'node:crypto';
import { BlobReader, BlobWriter, ZipWriter } from '../../../../src/model/formats/zip-core.ts';
import { FORMAT, FORMAT_VERSION, MANIFEST } from '../../../../src/share/bundle/manifest.ts';
import { lineOf } from '../../../../src/share/bundle/record-line.ts';
import { pathOf, STORES } from '../../../../src/share/bundle/stores.ts';
import { PROJECT, RECORDS } from './records.ts';

export type Files = Map<string, string | Blob>;

/** The files of the small project, as the page writes them. */
export function files(): Files {
  const all: Files = new Map();
  const weights: Blob[] = [];
  const place = (file: Blob) => `weights/${weights.push(file)}.bin`;
  for (const store of STORES)
    all.set(pathOf(store), RECORDS[store].map((record) => `${lineOf(record, place)}\n`).join(''));
  for (const [i, file] of weights.entries()) all.set(`weights/${i + 1}.bin`, file);
  return all;
}

export async function manifestOf(all: Files): Promise<Record<string, unknown>> {
  const entries = [...all].map(async ([path, content]) => {
    const bytes = new Uint8Array(await new Blob([content]).arrayBuffer());
    const records = typeof content === 'string' ? content.split('\n').length - 1 : null;
    return { path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, records };
  });
  const facts = { format: FORMAT, version: FORMAT_VERSION, appVersion: '0.1.0', made: 5, project: PROJECT };
  return { ...facts, entries: await Promise.all(entries) };
}

/** An archive of these files, with a manifest that is right unless another one is given. */
export async function packed(all: Files, manifest?: object): Promise<Blob> {
  const archive = new ZipWriter(new BlobWriter());
  for (const [path, content] of all) await archive.add(path, new BlobReader(new Blob([content])));
  const text = JSON.stringify(manifest ?? (await manifestOf(all)));
  await archive.add(MANIFEST, new BlobReader(new Blob([text])));
  return archive.close();
}

/** The same length, other bytes, wherever they stand: in names of an archive, say. */
export async function replaced(file: Blob, from: string, to: string): Promise<Blob> {
  const bytes = Buffer.from(await file.arrayBuffer());
  if (from.length !== to.length) throw new Error('Only texts of the same length can be exchanged.');
  for (let at = bytes.indexOf(from); at !== -1; at = bytes.indexOf(from, at + 1)) bytes.write(to, at);
  return new Blob([bytes]);
}
