import { itemId } from '../../judge/item-id.ts';
import type { Item, Score } from '../../judge/item.ts';
import type { Steps } from '../../judge/steps.ts';
import { ImportError, shortened, shown, type LeftOutRow } from './errors.ts';
import { textTooLong } from './limits.ts';
import { REQUIRED_FIELDS, type FieldMapping, type ItemField } from './mapping.ts';
import type { Row } from './row.ts';

export interface ConvertedRows {
  items: Item[];
  /** Rows that repeat an earlier item; the first one counts. */
  duplicates: number;
  /** Every row that gives no item, in the file's order. */
  leftOut: LeftOutRow[];
}

/**
 * Turns rows into items. A row that cannot be one is left out with its reasons, and so is one that gives an earlier item
 * another score.
 * @param unread rows that could not even be read, to be listed among the others
 * @throws ImportError when no row is an item
 */
export function* itemsInSteps(
  rows: readonly Row[],
  mapping: FieldMapping,
  unread: readonly LeftOutRow[] = [],
): Steps<ConvertedRows, number> {
  checkMapping(mapping);
  const leftOut: LeftOutRow[] = [...unread];
  const items = new Map<string, Item>();
  let duplicates = 0;
  for (const [index, row] of rows.entries()) {
    const read = new RowReader(row, mapping);
    const item = toItem(read);
    const earlier = items.get(item.id);
    if (read.problems.length === 0 && earlier && earlier.score !== item.score)
      read.problems.push(contradiction(earlier.score, item.score));
    if (read.problems.length > 0)
      leftOut.push({ line: row.line, message: read.problems.join(' '), source: row.source });
    else if (earlier) duplicates++;
    else items.set(item.id, item);
    yield index + 1;
  }
  leftOut.sort((a, b) => a.line - b.line);
  if (items.size === 0) throw new ImportError(shortened(leftOut));
  return { items: [...items.values()], duplicates, leftOut };
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
  readonly problems: string[] = [];

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
    const tooLong = textTooLong(field, text.length);
    if (tooLong === null) return text;
    this.#reject(tooLong);
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
    this.problems.push(message);
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

function contradiction(earlier: Score | undefined, later: Score | undefined): string {
  const said = (score: Score | undefined) => (score === undefined ? 'no score' : `score ${score}`);
  return `the same item has ${said(later)} here and ${said(earlier)} on an earlier line, which is the one that counts.`;
}
