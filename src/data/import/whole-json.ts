import * as v from 'valibot';
import { JsonError, parseStrictJson } from '../../model/formats/strict-json.ts';
import { importError } from './errors.ts';

/**
 * A JSON file of one known shape, which is taken whole or not at all.
 * @throws ImportError that names the first place where it is another
 */
export function readWholeJson<Schema extends v.GenericSchema>(
  text: string,
  schema: Schema,
  what: string,
): v.InferOutput<Schema> {
  let json: unknown;
  try {
    json = parseStrictJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw importError(`This is not ${what}: ${error.message}.`);
  }
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue) ?? 'the file as a whole';
  throw importError(`This is not ${what}: ${place.slice(0, 200)}: ${issue.message.slice(0, 200)}.`);
}
