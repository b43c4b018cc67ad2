import * as v from 'valibot';
import type { Winner } from '../../judge/winner.ts';
import { readWholeJson } from './whole-json.ts';

/** Two answers to one instruction, and what people said of them. */
export interface HumanComparison {
  instruction: string;
  responses: [string, string];
  /** Majority of the votes: 1 the first answer, −1 the second, 0 a tie. */
  vote: Winner;
}

/** Six answers of the published file are the JSON value true: a model's answer "True", converted on the way. */
const response = v.pipe(
  v.union([v.string(), v.boolean()]),
  v.transform((value) => String(value)),
);
const vote = v.picklist([0, 1, 2]);
const PandaLmRow = v.object({
  instruction: v.string(),
  input: v.string(),
  response1: response,
  response2: response,
  annotator1: vote,
  annotator2: vote,
  annotator3: vote,
});

const WINNER: Record<0 | 1 | 2, Winner> = { 0: 0, 1: 1, 2: -1 };

/**
 * PandaLM's human test set (arXiv 2306.05087): three votes a row, 1 or 2 for the better answer, 0 for similar ones.
 * @throws ImportError when the text is another file
 */
export function readPandaLm(text: string): HumanComparison[] {
  return readWholeJson(text, v.array(PandaLmRow), 'PandaLM’s test set').map((row) => ({
    instruction: row.input === '' ? row.instruction : `${row.instruction}\n${row.input}`,
    responses: [row.response1, row.response2],
    vote: WINNER[majority([row.annotator1, row.annotator2, row.annotator3])],
  }));
}

/** The vote that at least two of three gave; three different votes cancel out to a tie. */
function majority(votes: readonly (0 | 1 | 2)[]): 0 | 1 | 2 {
  return votes.find((one, i) => votes.indexOf(one) !== i) ?? 0;
}
