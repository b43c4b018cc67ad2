import * as v from 'valibot';
import { BundleError } from './bundle-error.ts';
import { MOST_LINE_LENGTH, recordOf } from './record-line.ts';
import { isBefore, keyOf, pathOf, SCHEMAS, type BundleStore, type RecordOf } from './stores.ts';

/**
 * The records of a store from its lines, each of its kind, in the order of their keys, and none twice.
 * @throws BundleError
 */
export async function* recordsIn<Store extends BundleStore>(
  store: Store,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<RecordOf<Store>> {
  const path = pathOf(store);
  let number = 0;
  let last: ReturnType<typeof keyOf> | null = null;
  for await (const line of linesOf(chunks, path)) {
    number++;
    const record = recordOf(line) as RecordOf<Store>;
    const parsed = v.safeParse(SCHEMAS[store], record);
    if (!parsed.success) throw new BundleError(problemOf(path, number, parsed.issues[0]));
    const key = keyOf(store, record);
    if (last && !isBefore(last, key))
      throw new BundleError(`Line ${number} of ${path} repeats a record, or is not in its place.`);
    last = key;
    yield record;
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of textsOf(chunks, path)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    if (rest.length > MOST_LINE_LENGTH) throw new BundleError(`${path} has a line that is too long.`);
    yield* lines;
  }
  if (rest !== '') throw new BundleError(`${path} is cut off.`);
}

async function* textsOf(chunks: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decoded = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new BundleError(`${path} is no text.`, { cause });
    }
  };
  for await (const chunk of chunks) yield decoded(chunk);
  yield decoded();
}

/** All of a text that is known to be small. @throws BundleError */
export async function textOf(chunks: AsyncIterable<Uint8Array>, path: string): Promise<string> {
  let text = '';
  for await (const part of textsOf(chunks, path)) text += part;
  return text;
}

function problemOf(path: string, line: number, issue: v.BaseIssue<unknown>): string {
  const where = v.getDotPath(issue)?.slice(0, 100);
  return `Line ${line} of ${path} is not such a record${where ? `: "${where}" is missing or wrong` : ''}.`;
}
