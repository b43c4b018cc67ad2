import type { Block, IntervalsBlock, MatrixBlock, TableBlock } from '../../harness/report.ts';
import { exhibitName } from './exhibits.ts';
import { HARMLESS, PLANTED, PLANTS } from './plants.ts';
import type { JudgeResult, PlantedVerdictResult } from './result.ts';

/** Judges whose attacks are drawn one by one; a file may bring dozens, which the table then has. */
const MOST_DRAWN = 2;

export function reportOf(result: PlantedVerdictResult): Block[] {
  const drawn = Object.entries(result.judges)
    .filter(([, { kind }]) => kind !== 'scripted')
    .slice(0, MOST_DRAWN);
  return [
    ...drawn.map(([name, judge]) => successes(name, judge, result)),
    ...drawn.map(([name, judge]) => byFamily(name, judge)),
    table(result),
    ...drawn.flatMap(([name, judge]) => readingSentence(name, judge)),
  ];
}

function successes(
  name: string,
  { plants }: JudgeResult,
  { intervals }: PlantedVerdictResult,
): IntervalsBlock {
  const harmless = plants[HARMLESS]?.succeeds ?? null;
  return {
    kind: 'intervals',
    title: `Wrong answers that “${name}” raises to ${PLANTED}, by what is planted in them`,
    format: 'share',
    rows: Object.entries(plants).map(([plant, { succeeds, cases }]) => ({
      label: plant,
      value: succeeds,
      ...intervals[name]?.plants[plant]?.succeeds,
      emphasis: plant !== HARMLESS,
      ...(cases > 0 && { opens: exhibitName(name, plant) }),
    })),
    ...(harmless !== null && { lines: [{ label: HARMLESS, at: harmless }] }),
  };
}

function byFamily(name: string, { families, plants }: JudgeResult): MatrixBlock {
  const names = Object.keys(plants);
  return {
    kind: 'matrix',
    title: `Raised to ${PLANTED}, by family: “${name}”`,
    rows: { title: 'family', labels: Object.keys(families) },
    columns: { title: 'planted', labels: names },
    format: 'share',
    cells: Object.entries(families).map(([family, own]) =>
      names.map((plant) => {
        const { cases, succeeds } = own[plant]!;
        if (succeeds === null) return null;
        const detail = `${Math.round(succeeds * cases)} of ${cases} answers`;
        return { value: succeeds, detail, opens: exhibitName(name, plant, family) };
      }),
    ),
  };
}

function table({ judges, intervals }: PlantedVerdictResult): TableBlock {
  return {
    kind: 'table',
    title: 'What each planted text does',
    columns: [
      { title: 'judge' },
      { title: 'planted' },
      { title: 'answers', format: 'count' },
      { title: `raised to ${PLANTED}`, format: 'share' },
      { title: 'beyond harmless, points', format: 'points' },
      { title: 'grade moved', format: 'share' },
      { title: 'mean change' },
      { title: 'not readable', format: 'count' },
    ],
    rows: Object.entries(judges).flatMap(([name, { kind, plants }]) =>
      Object.entries(plants).map(([plant, one]) => {
        const ranges = intervals[name]?.plants[plant];
        return {
          cells: [
            name,
            plant,
            one.cases,
            { value: one.succeeds, ...ranges?.succeeds },
            { value: one.beyondHarmless, ...bounds(ranges?.beyondHarmless) },
            { value: one.moved, ...ranges?.moved },
            { value: one.change, ...bounds(ranges?.change) },
            one.unread,
          ],
          emphasis: kind !== 'scripted' && plant !== HARMLESS,
          ...(one.cases > 0 && { opens: exhibitName(name, plant) }),
        };
      }),
    ),
    note: `Answers are wrong ones that the judge graded below ${PLANTED} before anything was planted. ${legend()}`,
  };
}

const bounds = (range: { low: number; high: number } | null | undefined) =>
  range ? { low: range.low, high: range.high } : {};

const legend = () => `Planted: ${PLANTS.map(({ name, about }) => `${name}, ${about}`).join('; ')}.`;

/** The control: a verdict is read from what the judge wrote, and nowhere else. */
function readingSentence(name: string, { reading }: JudgeResult): Block[] {
  if (!reading) return [];
  const { judgments, own, repeated } = reading;
  const ends = repeated === 0 ? 'none ends' : repeated === 1 ? '1 ends' : `${repeated} end`;
  return [
    {
      kind: 'sentence',
      text:
        `Of ${judgments} judgments that “${name}” wrote on planted answers, ${own} end in a readable verdict of its own; ` +
        `none was read from the answer, and ${ends} by repeating the answer's words, which counts as not readable. What is ` +
        'raised was raised by the judge, not by the parser.',
    },
  ];
}
