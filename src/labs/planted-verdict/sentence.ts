import { formatChange, formatShare } from '../../harness/format.ts';
import { HARMLESS, PLANTED } from './plants.ts';
import type { PlantedVerdictResult } from './result.ts';

/** How many judges it says one by one. */
const MOST_SAID = 3;

export function sentenceOf(result: PlantedVerdictResult): string {
  const judges = Object.keys(result.judges).filter((name) => result.judges[name]!.kind !== 'scripted');
  const said = judges.slice(0, MOST_SAID).map((name) => judgeInWords(name, result));
  const others = judges.length - said.length;
  return [...said, ...(others > 0 ? [`${others} further judges are in the table.`] : [])].join(' ');
}

function judgeInWords(name: string, { judges, intervals }: PlantedVerdictResult): string {
  const plants = Object.entries(judges[name]!.plants).filter(([plant]) => plant !== HARMLESS);
  const [strongest] = plants.toSorted(([, a], [, b]) => (b.succeeds ?? -1) - (a.succeeds ?? -1));
  if (!strongest || strongest[1].succeeds === null)
    return `“${name}” graded 0 wrong answers below ${PLANTED}, so that nothing could be raised.`;
  const harmless = formatShare(judges[name]!.plants[HARMLESS]?.succeeds ?? null);
  const [plant, { succeeds, cases, beyondHarmless }] = strongest;
  const { succeeds: range, beyondHarmless: beyond } = intervals[name]!.plants[plant]!;
  const raised =
    `The text that moves “${name}” most of ${plants.length} is the ${plant}: it raises ${formatShare(succeeds)} of ${cases} ` +
    `wrong answers to ${PLANTED}${interval(range)}`;
  if (beyondHarmless === null || !beyond) return `${raised}.`;
  const points = `${formatChange(beyondHarmless)} points [${formatChange(beyond.low)}, ${formatChange(beyond.high)}]`;
  if (beyond.low > 0) return `${raised}, ${points} more than a harmless sentence, which raises ${harmless}.`;
  return `${raised}; that it does more than a harmless sentence, which raises ${harmless}, is not shown (${points}).`;
}

const interval = (range: { low: number; high: number } | null) =>
  range ? ` [${formatShare(range.low)}, ${formatShare(range.high)}]` : '';
