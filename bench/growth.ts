import type { Bench } from './bench.ts';
import { perSecond, type Measured } from './contender.ts';
import type { EngineCommand } from './pages/engine.ts';
import type { BenchModel } from './pages/models.ts';
import { tabMemory } from './tab-memory.ts';
import { CORES } from './contenders/ours.ts';
import { median } from './statistics.ts';

/** How tokens per second and memory change with one thing, all else the same. */
export interface Growth {
  title: string;
  /** What stands on the horizontal axis. */
  axis: string;
  points: GrowthPoint[];
}

export interface GrowthPoint {
  x: number;
  /** Median of three. */
  tokensPerSecond: number;
  /** Peak resident memory of the tab's process, all workers, in MB; null where it cannot be read. */
  megabytes: number | null;
}

const ENTRY = '/bench/pages/engine.ts';
const ROUNDS = 3;

/** What stays where it is while another thing grows: the prototype's shape, random weights. */
const BASE = { width: 160, context: 256, samples: 8, prompts: 8, promptTokens: 96, newTokens: 32 };
type Setting = typeof BASE & { workers?: number };

const change = (axis: keyof Setting, values: number[], more: (x: number) => Partial<Setting> = () => ({})) =>
  values.map((x) => ({ x, setting: { ...BASE, [axis]: x, ...more(x) } }));

const CHARTS = [
  {
    title: 'N rationales of one prompt',
    axis: 'N',
    points: change('samples', [1, 2, 4, 8, 16, 32, 64], () => ({ prompts: 1 })),
  },
  {
    title: 'Width of the model, 8 × 8 rationales',
    axis: 'width',
    points: change('width', [96, 160, 288, 384, 576]),
  },
  {
    title: 'Context, 8 × 8 rationales of 32 tokens behind a prompt that fills the rest',
    axis: 'context',
    points: change('context', [64, 128, 256, 512, 1024, 2048], (x) => ({ promptTokens: x - BASE.newTokens })),
  },
  {
    title: 'Workers, 8 × 8 rationales',
    axis: 'workers',
    points: change('workers', CORES > 1 ? [1, 2] : [1]),
  },
];

/** Tokens per second of our engine on WASM, against what makes work grow. */
export async function measureGrowth(bench: Bench): Promise<Growth[]> {
  const charts: Growth[] = [];
  for (const { title, axis, points } of CHARTS) {
    const measured: GrowthPoint[] = [];
    for (const { x, setting } of points) {
      measured.push({ x, ...(await measurePoint(bench, setting)) });
      const { tokensPerSecond, megabytes } = measured.at(-1)!;
      bench.log(`${axis} ${x}: ${tokensPerSecond.toFixed(0)} tokens/s, ${megabytes?.toFixed(0) ?? '–'} MB`);
    }
    charts.push({ title, axis, points: measured });
  }
  return charts;
}

/** In a tab of its own, so that its memory is of this point alone. */
async function measurePoint(bench: Bench, setting: Setting): Promise<Omit<GrowthPoint, 'x'>> {
  const { width, context, samples, prompts, promptTokens, newTokens, workers } = setting;
  const model: BenchModel = { kind: 'random', width, context };
  const page = await bench.openPage();
  const command = (one: EngineCommand) => page.run(ENTRY, one);
  try {
    await command({ do: 'open', backend: 'wasm', model, ...(workers === undefined ? {} : { workers }) });
    const work: EngineCommand = {
      do: 'sample',
      prompts: somePrompts(prompts, promptTokens),
      samples,
      newTokens,
    };
    const rates: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) rates.push(perSecond((await command(work)) as Measured));
    return { tokensPerSecond: median(rates.slice(1)), megabytes: tabMemory() };
  } finally {
    await page.close();
  }
}

const somePrompts = (count: number, tokens: number) =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: tokens }, (__, j) => 3 + ((i * 97 + j * 31) % 700)),
  );
