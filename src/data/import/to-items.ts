import { itemId } from '../../judge/item-id.ts';
import type { Item, Score } from '../../judge/item.ts';
import { ImportError, shortened, type ImportProblem } from './errors.ts';
import { REQUIRED_FIELDS, type FieldMapping, type ItemField } from './mapping.ts';
import type { Row } from './row.ts';

/** No text of an item may be longer: beyond it the page would only stall. */
export const LONGEST_TEXT = 200_000;

export interface ConvertedRows {
  items: Item[];
  /** Rows that repeat an earlier item; the first one counts. */
  duplicates: number;
}

/**
 * Turns rows into items, all or none.
 * @throws ImportError that lists what is wrong, line by line, and also two different scores for the same item.
 */
export function toItems(rows: readonly Row[], mapping: FieldMapping): ConvertedRows {
  checkMapping(mapping);
  const problems: ImportProblem[] = [];
  const items = new Map<string, Item>();
  let duplicates = 0;
  for (const row of rows) {
    const read = new RowReader(row, mapping);
    const item = toItem(read);
    problems.push(...read.problems);
    const earlier = items.get(item.id);
    if (earlier) duplicates++;
    else items.set(item.id, item);
    if (earlier && earlier.score !== item.score && read.problems.length === 0)
      problems.push({ line: row.line, message: contradiction(earlier.score, item.score) });
  }
  if (problems.length > 0) throw new ImportError(shortened(problems));
  return { items: [...items.values()], duplicates };
}

function checkMapping({ columns }: FieldMapping): void {
  const missing = REQUIRED_FIELDS.filter((field) => columns[field] === null);
  if (missing.length > 0)
    throw new ImportError([
      { line: null, message: `No column is chosen for the ${missing.join(' and the ')}: choose one above.` },
    ]);
}

function toItem(read: RowReader): Item {
  const reference = read.text('reference');
  const content = {
    instruction: read.required('instruction'),
    response: read.required('response'),
    criterion: read.text('criterion') ?? read.mapping.defaultCriterion,
    ...(reference === undefined ? {} : { reference }),
  };
  const [score, rationale, family, slip] = [
    read.score(),
    read.text('rationale'),
    read.text('family'),
    read.flag('slip'),
  ];
  return {
    id: itemId(content),
    ...content,
    ...(score === undefined ? {} : { score }),
    ...(rationale === undefined ? {} : { rationale }),
    ...(family === undefined ? {} : { family }),
    ...(slip === undefined ? {} : { slip }),
  };
}

/** Reads the fields of one row and notes what is wrong with them. */
class RowReader {
  readonly problems: ImportProblem[] = [];

  constructor(
    readonly row: Row,
    readonly mapping: FieldMapping,
  ) {}

  /** The field's text; undefined when it is missing or empty. */
  text(field: ItemField): string | undefined {
    const value = this.#value(field);
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      this.#reject(`the ${field} is a list or an object, not a text.`);
      return undefined;
    }
    const text = String(value);
    if (text.length <= LONGEST_TEXT) return text;
    this.#reject(`the ${field} has ${text.length} characters; at most ${LONGEST_TEXT} are allowed.`);
    return undefined;
  }

  required(field: ItemField): string {
    const before = this.problems.length;
    const text = this.text(field);
    if (text === undefined && this.problems.length === before)
      this.#reject(`the ${field} is missing or empty.`);
    return text ?? '';
  }

  /** A whole number from 1 to 5; of several raters' scores the median. */
  score(): Score | undefined {
    const value = this.#value('score');
    if (value === undefined || value === null || value === '') return undefined;
    const score = Array.isArray(value) ? median(value.map(toNumber)) : toNumber(value);
    if (Number.isInteger(score) && score >= 1 && score <= 5) return score as Score;
    this.#reject(`the score ${shown(value)} is not a whole number from 1 to 5.`);
    return undefined;
  }

  flag(field: ItemField): boolean | undefined {
    const value = this.#value(field);
    if (value === true || value === 'true') return true;
    return value === false || value === 'false' ? false : undefined;
  }

  #value(field: ItemField): unknown {
    const column = this.mapping.columns[field];
    return column !== null && Object.hasOwn(this.row.values, column) ? this.row.values[column] : undefined;
  }

  #reject(message: string): void {
    this.problems.push({ line: this.row.line, message });
  }
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function contradiction(earlier: Score | undefined, later: Score | undefined): string {
  const said = (score: Score | undefined) => (score === undefined ? 'no score' : `score ${score}`);
  return `the same item has ${said(later)} here and ${said(earlier)} on an earlier line.`;
}
