import { JsonError, parseStrictJson } from '../../model/formats/strict-json.ts';
import { rowTooLong } from './limits.ts';
import { isRecord, type ReadRows } from './row.ts';

/** Takes the JSON of one row among the rows, or among those left out, with the reason. */
export function takeObject(source: string, line: number, { rows, leftOut }: ReadRows): void {
  const leaveOut = (message: string) => leftOut.push({ line, message, source });
  const tooLong = rowTooLong(source.length);
  if (tooLong !== null) {
    leaveOut(tooLong);
    return;
  }
  try {
    const values = parseStrictJson(source);
    if (isRecord(values)) rows.push({ line, values, source });
    else leaveOut('this is not a JSON object such as {"instruction": "…"}.');
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    leaveOut(`this cannot be read: ${inWords(error)}.`);
  }
}

/** Browsers say what they stumbled over. */
function inWords({ message, cause }: JsonError): string {
  return cause instanceof Error ? `${message} (${cause.message.slice(0, 200)})` : message;
}
