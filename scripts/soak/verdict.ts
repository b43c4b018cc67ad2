import { inUnits } from './chart.ts';
import { growthOf, type Growth } from './growth.ts';
import { MEASURES, type MeasureName } from './measures.ts';
import type { PartResult } from './part.ts';
import type { Sample } from './sampler.ts';

/** One measure over one phase: how much it grew, and whether that is too much. */
export interface Verdict extends Growth {
  measure: MeasureName;
  grew: boolean;
}

export function measuresOf(samples: readonly Sample[]): MeasureName[] {
  return (Object.keys(MEASURES) as MeasureName[]).filter((name) =>
    samples.every(({ values }) => values[name] !== undefined),
  );
}

export function verdictsOf(samples: readonly Sample[]): Verdict[] {
  return measuresOf(samples).map((measure) => {
    const growth = growthOf(samples.map(({ values }) => values[measure]!));
    return { measure, ...growth, grew: growth.growth > MEASURES[measure].bound };
  });
}

/** What grew, in words; empty when nothing did. */
export function growthsOf({ part, runs, judges }: PartResult): string[] {
  const phases = [
    ['runs', runs],
    ['judges', judges],
  ] as const;
  return phases.flatMap(([phase, samples]) =>
    (samples.length > 0 ? verdictsOf(samples) : [])
      .filter(({ grew }) => grew)
      .map(
        ({ measure, growth }) =>
          `${part}, ${phase}: ${MEASURES[measure].title} grew by ${inUnits(measure, growth)}`,
      ),
  );
}
