import type { Bench } from '../bench.ts';
import type { Contender } from '../contender.ts';
import type { WllamaCommand } from '../pages/wllama.ts';
import { fastest } from './fastest.ts';
import { inPage } from './in-page.ts';
import { CORES } from './ours.ts';
import { peerVersion } from './peer-version.ts';

type Open = Extract<WllamaCommand, { do: 'open' }>;

/**
 * With as many slots as are best here: sequences that are decoded together.
 * @param context tokens of context that one sequence needs
 */
export const wllama = (
  bench: Bench,
  file: string,
  context: number,
  slots: number[],
  work: WllamaCommand,
): Promise<Contender> =>
  fastest(
    bench,
    slots.map((count) => () => withSlots(bench, { file, context: count * context, slots: count }, work)),
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
