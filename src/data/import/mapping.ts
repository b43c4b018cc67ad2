import type { Row } from './row.ts';

/** The parts of an item that a file can fill. */
export const ITEM_FIELDS = [
  'instruction',
  'response',
  'criterion',
  'reference',
  'score',
  'rationale',
  'family',
  'slip',
] as const;

export type ItemField = (typeof ITEM_FIELDS)[number];

/** Which column fills which field; null where none does. `defaultCriterion` stands where no column gives one. */
export interface FieldMapping {
  columns: Record<ItemField, string | null>;
  defaultCriterion: string;
}

/** Fields that every item must have. */
export const REQUIRED_FIELDS: readonly ItemField[] = ['instruction', 'response'];

/** Column names in use for each field, the commonest first (Prometheus, JudgeLM, MT-Bench, TRL exports). */
const USUAL_NAMES: Readonly<Record<ItemField, readonly string[]>> = {
  instruction: ['instruction', 'prompt', 'question', 'question_body', 'orig_instruction', 'input', 'task'],
  response: ['response', 'answer', 'output', 'completion', 'orig_response', 'text', 'answer_body'],
  criterion: ['criterion', 'criteria', 'orig_criteria', 'rubric', 'aspect'],
  reference: ['reference', 'reference_answer', 'orig_reference_answer', 'gold'],
  score: ['score', 'label', 'rating', 'orig_score', 'human_score', 'gpt4_score', 'grade'],
  // Only by its own name: feedback that a model wrote is not a true rationale.
  rationale: ['rationale'],
  family: ['family', 'category', 'group', 'source'],
  slip: ['slip'],
};

/** The columns of a file, in the order of their first appearance. */
export function columnsOf(rows: readonly Row[]): string[] {
  const columns = new Set<string>();
  for (const { values } of rows) for (const column of Object.keys(values)) columns.add(column);
  return [...columns];
}

/** The mapping that the columns' names suggest; no column is used twice. */
export function guessMapping(columns: readonly string[]): FieldMapping {
  const free = new Map(columns.map((column) => [simplified(column), column]));
  const take = (field: ItemField): string | null => {
    const name = USUAL_NAMES[field].find((usual) => free.has(usual));
    const column = name === undefined ? null : free.get(name)!;
    if (name !== undefined) free.delete(name);
    return column;
  };
  const taken = ITEM_FIELDS.map((field) => [field, take(field)]);
  return {
    columns: Object.fromEntries(taken) as FieldMapping['columns'],
    defaultCriterion: 'overall quality',
  };
}

/** "Human Score" and "human-score" are the same name. */
function simplified(column: string): string {
  return column.trim().toLowerCase().replace(/[\s-]+/g, '_'); // prettier-ignore
}
