import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const counts = { tp: count, fp: count, fn: count, tn: count };
const Released = v.object({
  firstFile: v.object({
    takers: v.record(v.string(), v.object({ items: count, right: count })),
    judges: v.record(
      v.string(),
      v.object({
        kind: v.picklist(['model', 'lexical']),
        takers: v.record(v.string(), v.object({ ...counts, unread: count })),
      }),
    ),
  }),
  secondFile: v.object({ judges: v.record(v.string(), v.object(counts)) }),
});

/**
 * The released counts of Judging the Judges (arXiv 2406.12624): of the repository's first result file by judge and
 * exam taker, of its second by judge alone. Origin and licence: public/data/README.md.
 */
export type JudgingTheJudges = v.InferOutput<typeof Released>;

/**
 * Reads `public/data/judging-the-judges.json`.
 * @throws SyntaxError or v.ValiError when the text is another file
 */
export function readJudgingTheJudges(text: string): JudgingTheJudges {
  return v.parse(Released, JSON.parse(text));
}
