import { formatNumber } from '../../harness/format.ts';
import type { Exhibit } from '../../harness/report.ts';
import type { JudgeAnalysis } from './analysis.ts';
import type { JudgedItem } from './judged-item.ts';
import { cellOf, RULE_NAMES, RULE_TITLES, selects, type RuleName } from './rules.ts';
import { nearTopItems } from './same-score.ts';

/** As many as one reads. */
const MOST = 50;

/** The name of what stands behind a cell of the map. */
export const behindCell = (level: number, bin: number) => `level ${level}, bin ${bin}`;
/** The name of what stands behind a rule: what it decided, mistakes first. */
export const behindRule = (rule: RuleName) => `decided by ${rule}`;
export const AGREEING = 'near the top, agreeing';
export const SPREAD = 'near the top, spread';

/** All of the first division's testing half, and the items near the top. */
export function exhibitsOf({ items, test, trial }: JudgeAnalysis): Record<string, Exhibit[]> {
  const shown: Record<string, Exhibit[]> = {};
  for (const item of test) {
    const { level, bin } = cellOf(item, trial.binning);
    const cell = (shown[behindCell(level, bin)] ??= []);
    if (cell.length < MOST) cell.push(exhibitOf(item));
  }
  for (const rule of RULE_NAMES) {
    const decided = test.map((item) => ({ item, taken: selects(trial, rule, item) }));
    const wrongFirst = decided.toSorted((a, b) => Number(wrong(b)) - Number(wrong(a)));
    shown[behindRule(rule)] = wrongFirst.slice(0, MOST).map(({ item, taken }) => {
      const exhibit = exhibitOf(item);
      const decision = taken ? 'taken for positive' : 'not taken';
      return { ...exhibit, facts: [[RULE_TITLES[rule], decision] as const, ...exhibit.facts] };
    });
  }
  const near = nearTopItems(items);
  shown[AGREEING] = near.agreeing.slice(0, MOST).map(exhibitOf);
  shown[SPREAD] = near.spread.slice(0, MOST).map(exhibitOf);
  return shown;
}

const wrong = ({ item, taken }: { item: JudgedItem; taken: boolean }) => taken !== item.positive;

function exhibitOf({ title, label, samples, score, uncertainty, texts }: JudgedItem): Exhibit {
  return {
    title,
    facts: [
      ['True label', label],
      ['Sampled scores', samples.join(' ')],
      ['Mean', formatNumber(score)],
      ['Spread', formatNumber(uncertainty)],
    ],
    texts,
  };
}
