import * as v from 'valibot';
import { importError } from './errors.ts';
import { readWholeJson } from './whole-json.ts';

/** Far above what was published: a row is made of each. */
const MOST = 100_000;
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST));
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
 * @throws ImportError when the text is another file, or its counts do not add up
 */
export function readJudgingTheJudges(text: string): JudgingTheJudges {
  const released = readWholeJson(text, Released, 'the counts of Judging the Judges');
  const { takers, judges } = released.firstFile;
  for (const [judge, own] of Object.entries(judges))
    for (const [name, { tp, fn, unread }] of Object.entries(own.takers)) {
      const taker = Object.hasOwn(takers, name) ? takers[name] : undefined;
      const unreadRight = (taker?.right ?? -1) - tp - fn;
      if (unreadRight < 0 || unreadRight > unread)
        throw importError(`The counts of the judge "${judge}" on "${name}" do not add up.`);
    }
  return released;
}
