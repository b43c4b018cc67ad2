import type { Bench } from '../bench.ts';
import type { Contender } from '../contender.ts';
import type { WllamaCommand } from '../pages/wllama.ts';
import { inPage } from './in-page.ts';
import { CORES } from './ours.ts';
import { peerVersion } from './peer-version.ts';

type Open = Extract<WllamaCommand, { do: 'open' }>;

export function wllama(
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
