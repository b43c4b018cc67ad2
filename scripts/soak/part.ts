import type { Sample } from './sampler.ts';

/** Where a soak goes on: in a headless page on the app's modules, or in the built page, by its buttons. */
export const PARTS = ['headless', 'webgpu', 'page'] as const;
export type PartName = (typeof PARTS)[number];

/** How much of everything. */
export interface Amount {
  runs: number;
  /** Of a run. */
  heldoutItems: number;
  itemsPerRound: number;
  samples: number;
  batchSize: number;
  /** Times that the judges are opened in turn. */
  laps: number;
}

/** What was read while a part went on. */
export interface PartResult {
  part: PartName;
  amount: Amount;
  /** One after each run. */
  runs: Sample[];
  /** One after each lap of judges. */
  judges: Sample[];
  seconds: number;
}

/** At least 10,000 judgments and 500 steps in 20 runs. In software WebGPU takes far longer, so it gets a smaller share. */
export const AMOUNTS: Readonly<Record<PartName, Amount>> = {
  headless: { runs: 20, heldoutItems: 60, itemsPerRound: 64, samples: 8, batchSize: 3, laps: 8 },
  page: { runs: 20, heldoutItems: 60, itemsPerRound: 64, samples: 8, batchSize: 3, laps: 8 },
  webgpu: { runs: 8, heldoutItems: 8, itemsPerRound: 12, samples: 4, batchSize: 6, laps: 0 },
};

export type Log = (line: string) => void;
