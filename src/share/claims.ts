import { wilsonInterval } from '../evaluate/wilson.ts';
import type { CarriedBlock } from './blocks.ts';
import type { Experiment } from './experiment.ts';
import type { Numbers } from './numbers.ts';

/** A number of the author's, held against the interval that was found here. */
export interface Claim {
  name: string;
  claimed: number;
  found: { value: number; low: number; high: number };
}

/** A claim holds where it lies in the 95 % interval of the re-run; links round, and that much is granted. */
export const holds = ({ claimed, found: { low, high } }: Claim): boolean =>
  claimed >= low - roundingOf(claimed) && claimed <= high + roundingOf(claimed);

/** Half of the third digit: blocks travel with three. */
function roundingOf(value: number): number {
  return value === 0 ? 5e-5 : 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
}

type Named = Readonly<Record<string, Numbers>>;

const isNamed = (value: Numbers | undefined): value is Named =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A part of numbers by its name or place. */
export const at = (value: Numbers | undefined, name: string | number): Numbers | undefined =>
  Array.isArray(value) ? (value as Numbers[])[Number(name)] : isNamed(value) ? value[name] : undefined;

/** The seed judge's accuracy: shares have Wilson's interval, which knows nothing of prompts that belong together. */
export function claimOfSeed(claimed: Experiment, found: Experiment): Claim[] {
  return accuracyClaim(
    'accuracy of the seed judge',
    at(claimed.metrics, 'before'),
    at(found.metrics, 'before'),
  );
}

/** Numbers that the claims and the result both have, by where they stand, held against what was found. */
export function claimsOfNumbers(
  claimed: Numbers | undefined,
  found: Numbers | undefined,
  name = '',
): Claim[] {
  if (typeof claimed === 'number' && typeof found === 'number')
    return [{ name, claimed, found: { value: found, low: found, high: found } }];
  return partsOf(claimed).flatMap((part) =>
    claimsOfNumbers(at(claimed, part), at(found, part), joined(name, part)),
  );
}

/** The same for those that have an interval in the result: `{ mean, low, high }`, wherever it stands. */
export function claimsOfIntervals(
  claimed: Numbers | undefined,
  found: Numbers | undefined,
  name = '',
): Claim[] {
  const [claim, value] = [at(claimed, 'mean'), at(found, 'mean')];
  const [low, high] = [at(found, 'low'), at(found, 'high')];
  if ([claim, value, low, high].every((part) => typeof part === 'number'))
    return [{ name, claimed: claim as number, found: { value, low, high } as Claim['found'] }];
  return partsOf(claimed).flatMap((part) =>
    claimsOfIntervals(at(claimed, part), at(found, part), joined(name, part)),
  );
}

const partsOf = (value: Numbers | undefined): string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];

const joined = (name: string, part: string): string => (name === '' ? part : `${name}, ${part}`);

/** The score of one answer, which has no interval: another score is another result. */
export function claimOfScore(claimed: Experiment, found: Experiment): Claim[] {
  const [theirs, ours] = [at(claimed.metrics, 'score'), at(found.metrics, 'score')];
  if (typeof theirs !== 'number' || typeof ours !== 'number') return [];
  return [{ name: 'score', claimed: theirs, found: { value: ours, low: ours, high: ours } }];
}

/** What a round claims: its gains over the seed judge, remap and the round before, and its accuracy. @param round from 1 */
export function claimsOfRound(claimed: Experiment, found: Experiment, round: number): Claim[] {
  const [theirs, ours] = [claimed, found].map(({ metrics }) => at(at(metrics, 'rounds'), round - 1));
  if (!isNamed(theirs) || !isNamed(ours)) return [];
  const gains = Object.keys(GAINS).flatMap((name) => {
    const [claim, interval] = [at(theirs[name], 'mean'), ours[name]];
    const [value, low, high] = [at(interval, 'mean'), at(interval, 'low'), at(interval, 'high')];
    const numbers = typeof value === 'number' && typeof low === 'number' && typeof high === 'number';
    if (typeof claim !== 'number' || !numbers) return [];
    return [
      {
        name: `round ${round}: ${GAINS[name as keyof typeof GAINS]}`,
        claimed: claim,
        found: { value, low, high },
      },
    ];
  });
  return [...gains, ...accuracyClaim(`round ${round}: accuracy`, theirs, ours)];
}

const GAINS = {
  difference: 'gain over the seed judge',
  differenceFromRemap: 'gain over remap',
  differenceFromPrevious: 'gain over the round before',
};

function accuracyClaim(name: string, theirs: Numbers | undefined, ours: Numbers | undefined): Claim[] {
  const [claimed, value, items] = [at(theirs, 'accuracy'), at(ours, 'accuracy'), at(ours, 'items')];
  if (typeof claimed !== 'number' || typeof value !== 'number' || typeof items !== 'number') return [];
  const interval = wilsonInterval(value * items, items);
  return interval ? [{ name, claimed, found: { value, ...interval } }] : [];
}

/** Every value with an interval in these blocks, by what it is called. */
function withIntervals(block: CarriedBlock): [name: string, value: number, low: number, high: number][] {
  const row = (name: string, part: unknown) => {
    const { value, y = value, low, high } = (part ?? {}) as Record<string, unknown>;
    return typeof y === 'number' && typeof low === 'number' && typeof high === 'number'
      ? [[name, y, low, high] as [string, number, number, number]]
      : [];
  };
  switch (block.kind) {
    case 'intervals':
      return block.rows.flatMap((one) => row(one.label, one));
    case 'bars':
      return block.groups.flatMap(({ label, bars }) =>
        bars.flatMap((bar, i) => row(`${label}, ${block.series[i]}`, bar)),
      );
    case 'table':
      return block.rows.flatMap(({ cells }) =>
        cells.flatMap((cell, i) =>
          row(`${typeof cells[0] === 'string' ? cells[0] : ''}, ${block.columns[i]?.title}`, cell),
        ),
      );
    case 'curve':
      return block.series.flatMap(({ name, points }) =>
        points.flatMap((point) => row(`${name} at ${point.x}`, point)),
      );
    case 'matrix':
    case 'ranks':
    case 'scatter':
    case 'sentence':
      return [];
  }
}

/** What the pictures and tables of a lab claim, where both have the same. */
export function claimsOfBlocks(claimed: readonly CarriedBlock[], found: readonly CarriedBlock[]): Claim[] {
  const named = (blocks: readonly CarriedBlock[]) =>
    new Map(
      blocks.flatMap((block) =>
        withIntervals(block).map(([name, ...numbers]) => [
          `${'title' in block ? block.title : ''}: ${name}`,
          numbers,
        ]),
      ),
    );
  const ours = named(found);
  return [...named(claimed)].flatMap(([name, [value]]) => {
    const mine = ours.get(name);
    return mine ? [{ name, claimed: value, found: { value: mine[0], low: mine[1], high: mine[2] } }] : [];
  });
}
