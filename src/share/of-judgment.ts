import { MICRO_VERSION } from '../data/micro/items.ts';
import { changesOf, count, readTexts, seed, SETTINGS_VERSION, type ValuesOf } from '../harness/fields.ts';
import { fingerprint } from '../harness/fingerprint.ts';
import type { Block } from '../harness/report.ts';
import { itemId } from '../judge/item-id.ts';
import { SCORES, type Item, type Score } from '../judge/item.ts';
import { MOST_JUDGMENTS, type Experiment, type SharedItem } from './experiment.ts';
import { numbersOf } from './numbers.ts';
import { KEPT } from './of-run.ts';

/** How an answer was judged by hand: once greedily, and so many times more with chance left in. */
export const JUDGMENT_FIELDS = {
  samples: count({
    label: 'Samples',
    hint: 'How often the judge is asked again.',
    default: 0,
    least: 0,
    most: 64,
  }),
  seed: seed('Varies the samples.'),
};

export type JudgmentSettings = ValuesOf<typeof JUDGMENT_FIELDS>;

/** What one judge wrote about one answer, by hand. */
export interface HandJudged {
  item: Item;
  model: NonNullable<Experiment['model']>;
  settings: JudgmentSettings;
  greedy: { text: string; score: Score | null };
  /** p(1) … p(5) where the score stands; null where none could be read. */
  probabilities: readonly number[] | null;
  samples: readonly { text: string; score: Score | null }[];
}

/** @param app version that makes the link */
export function experimentOfJudgment(judged: HandJudged, app: string): Experiment {
  const { item, model, settings, greedy, probabilities, samples } = judged;
  const content = sharedItem(item);
  const scores = samples.map(({ score }) => score);
  const result = {
    score: greedy.score,
    ...(probabilities && { probabilities }),
    ...(scores.length > 0 && { scores }),
  };
  return {
    kind: 'judgment',
    app,
    numbers: { settings: SETTINGS_VERSION, items: MICRO_VERSION },
    settings: changesOf(JUDGMENT_FIELDS, settings),
    model,
    data: { name: 'one answer', hash: itemId(content), size: 1, items: [content] },
    metrics: numbersOf(result, { ...KEPT, longestList: 64 }) ?? {},
  };
}

export const fingerprintsOfJudgment = ({ greedy, samples }: HandJudged): Record<string, string> => ({
  judgment: fingerprint([greedy.text]),
  ...(samples.length > 0 && { samples: fingerprint(samples.map(({ text }) => text)) }),
});

/** The judgment itself is in the link's data; here what the judge wrote. */
export const recordedJudgment = ({ item, greedy, samples }: HandJudged) => ({
  item: sharedItem(item),
  before: greedy,
  ...(samples.length > 0 && { samples: samples.slice(0, MOST_JUDGMENTS) }),
});

/** How sure the judge is, and where it disagrees with itself. */
export function blocksOfJudgment({ probabilities, samples }: HandJudged): Block[] {
  const bars = (title: string, format: 'share' | 'count', values: readonly number[]): Block => ({
    kind: 'bars',
    title,
    format,
    series: [format === 'share' ? 'probability' : 'samples'],
    groups: SCORES.map((score, i) => ({ label: String(score), bars: [{ value: values[i] ?? 0 }] })),
  });
  const counts = SCORES.map((score) => samples.filter((sample) => sample.score === score).length);
  return [
    ...(probabilities
      ? [bars('What the judge could have said where its score stands', 'share', probabilities)]
      : []),
    ...(samples.length > 0 ? [bars('Scores of the same judge, asked again', 'count', counts)] : []),
  ];
}

/** @throws SettingsError */
export const settingsOfJudgment = ({ settings }: Experiment): JudgmentSettings =>
  readTexts(JUDGMENT_FIELDS, settings);

/** What a link holds of an item of the reader's own. */
export function sharedItem({ instruction, response, criterion, reference, score }: Item): SharedItem {
  return {
    instruction,
    response,
    criterion,
    ...(reference !== undefined && { reference }),
    ...(score !== undefined && { score }),
  };
}

/** The item of a link, under its id. */
export const itemOf = (shared: SharedItem): Item => ({ id: itemId(shared), ...shared });
