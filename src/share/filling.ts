import { carriedBlock } from './blocks.ts';
import type { Block } from '../harness/report.ts';
import { MOST_JUDGMENTS, type Experiment, type RecordedJudgment } from './experiment.ts';
import { linkOf } from './link.ts';
import { LinkError } from './link-text.ts';
import { METRIC_DECIMALS, numbersOf } from './numbers.ts';

/** Discord turns 2,000 characters into a file, Slack cuts at about 4,000: a whole address stays below both. */
export const SHORT_ADDRESS = 1900;
/** What remains of it behind the address of the page, which is counted as 80 characters where it is not known. */
export const SHORT_LINK = SHORT_ADDRESS - 80;
/** With the reader's own data. */
export const LONG_LINK = 39_000;

/** Everything that a link could tell, and how long it may be. */
export interface Told {
  /** What it must hold: settings, model, metrics, title and note. */
  experiment: Experiment;
  fingerprints?: Readonly<Record<string, string>>;
  says?: string;
  /** The report, most telling first. */
  blocks?: readonly Block[];
  judgments?: readonly RecordedJudgment[];
  longest?: number;
}

/** A link, what it holds, and of how much. */
export interface Filled {
  link: string;
  experiment: Experiment;
  /** Parts that the link holds, of those that there are. */
  holds: Record<'blocks' | 'judgments', { of: number; count: number }>;
}

/** Metrics are thinned until they fit: rounds are few, and a long list is a table; what lies deep is a detail. */
const THINNED = [
  { longestList: 10, deepest: 8 },
  { longestList: 4, deepest: 8 },
  { longestList: 4, deepest: 4 },
  { longestList: 4, deepest: 3 },
  { longestList: 0, deepest: 2 },
  { longestList: 0, deepest: 1 },
];
/** Pictures show the same numbers: metrics take no more of a link than this while there are others to come. */
const METRICS_SHARE = 0.5;

/**
 * The link of an experiment, filled in the order of what a reader needs: settings and metrics, title and note, the
 * sentence, fingerprints, pictures and tables, then judgments while they fit.
 * @throws LinkError when not even settings, title and note fit
 */
export function fillLink(told: Told): Filled {
  const { longest = SHORT_LINK } = told;
  const length = (experiment: Experiment) => linkOf(experiment).length;
  let experiment = thinned(told.experiment, (one) => length(one) <= longest * METRICS_SHARE);
  const add = (more: Partial<Experiment>): boolean => {
    const larger = { ...experiment, ...more };
    if (length(larger) > longest) return false;
    experiment = larger;
    return true;
  };
  if (!add({}))
    throw new LinkError('This experiment is too long for a link. Shorten its texts, or save it as a file.');
  if (told.says) add({ says: told.says });
  const { fingerprints = {} } = told;
  if (Object.keys(fingerprints).length > 0) add({ fingerprints });
  const blocks = (told.blocks ?? []).filter(({ kind }) => kind !== 'sentence' && kind !== 'exhibits');
  for (const block of blocks.map(carriedBlock))
    if (block) add({ blocks: [...(experiment.blocks ?? []), block] });
  const judgments = (told.judgments ?? []).slice(0, MOST_JUDGMENTS);
  for (const judgment of judgments) add({ judgments: [...(experiment.judgments ?? []), judgment] });
  const rest = { ...experiment, metrics: told.experiment.metrics };
  const fuller = thinned(rest, (one) => length(one) <= longest);
  if (length(fuller) <= longest) experiment = fuller;
  return {
    link: linkOf(experiment),
    experiment,
    holds: {
      blocks: { of: blocks.length, count: experiment.blocks?.length ?? 0 },
      judgments: { of: judgments.length, count: experiment.judgments?.length ?? 0 },
    },
  };
}

/** With the richest metrics that fit, or the poorest. */
function thinned(experiment: Experiment, fits: (experiment: Experiment) => boolean): Experiment {
  const all = THINNED.map((kept) => {
    const metrics = numbersOf(experiment.metrics, { decimals: METRIC_DECIMALS, ...kept });
    return { ...experiment, metrics: metrics ?? {} };
  });
  return all.find(fits) ?? { ...experiment, metrics: {} };
}
