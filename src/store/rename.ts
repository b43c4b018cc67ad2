import type { Connection } from './connection.ts';
import type { BinKind } from './bin.ts';
import { write } from './write.ts';

/** Characters; what is longer does not fit where names are shown. */
export const MOST_NAME_LENGTH = 80;

/** Thrown for a name that nothing can have, with the reason in words. */
export class NameError extends Error {
  override name = 'NameError';
}

/** A name as it is stored: on one line, without blanks around it. @throws NameError */
export function cleanName(name: string): string {
  const clean = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (clean === '') throw new NameError('A name needs at least one letter.');
  if (clean.length > MOST_NAME_LENGTH)
    throw new NameError(`A name has at most ${MOST_NAME_LENGTH} characters; this one has ${clean.length}.`);
  return clean;
}

/** Gives a project or a run another name; nothing else of it changes. @throws NameError */
export async function rename(connection: Connection, kind: BinKind, id: string, name: string): Promise<void> {
  const clean = cleanName(name);
  await write(connection, [kind], function* (transaction) {
    const stored = transaction.objectStore(kind);
    yield stored.get(id).then((record) => record && stored.put({ ...record, name: clean }));
  });
}
