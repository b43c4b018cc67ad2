import type { Bench } from '../bench.ts';
import type { Contender } from '../contender.ts';
import type { WllamaCommand } from '../pages/wllama.ts';
import { fastest } from './fastest.ts';
import { inPage } from './in-page.ts';
import { CORES } from './ours.ts';
import { peerVersion } from './peer-version.ts';

type Open = Extract<WllamaCommand, { do: 'open' }>;

/** Sequences that are decoded together: its default is 4, and more still gain. */
const SLOTS = [8, 1, 32];

/** @param perSlot tokens of context that one sequence needs */
export const wllama = (
  bench: Bench,
  file: string,
  perSlot: number,
  work: WllamaCommand,
): Promise<Contender> =>
  fastest(
    bench,
    SLOTS.map((slots) => () => withSlots(bench, { file, context: slots * perSlot, slots }, work)),
  );

export function withSlots(
  bench: Bench,
  open: Omit<Open, 'do' | 'threads'>,
  work: WllamaCommand,
): Promise<Contender> {
  const version = peerVersion('@wllama/wllama');
  return inPage<WllamaCommand>(
    bench,
    'wllama',
    { do: 'open', ...open, threads: CORES },
    work,
    (device) => `wllama ${version}, ${device}`,
  );
}
