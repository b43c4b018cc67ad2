import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { LoraSettings } from '../../src/model/lora-settings.ts';
import type { Bench } from '../bench.ts';
import type { Contender } from '../contender.ts';
import type { EngineCommand } from '../pages/engine.ts';
import { inPage } from './in-page.ts';

type Open = Extract<EngineCommand, { do: 'open' }>;

export const LORA: LoraSettings = { rank: 8, alpha: 16 };
export const CORES = cpus().length;

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Our engine, opened as the app opens it. */
export const ours = (bench: Bench, open: Omit<Open, 'do'>, work: EngineCommand): Promise<Contender> =>
  inPage<EngineCommand>(
    bench,
    'engine',
    { do: 'open', ...open },
    work,
    (device) => `this engine ${version}, ${device}`,
  );
