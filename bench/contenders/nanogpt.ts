import type { Bench } from '../bench.ts';
import type { Contender } from '../contender.ts';
import type { NanogptCommand } from '../pages/nanogpt.ts';
import { inPage } from './in-page.ts';
import { peerVersion } from './peer-version.ts';

type Open = Extract<NanogptCommand, { do: 'open' }>;

export function nanogpt(bench: Bench, open: Omit<Open, 'do'>, work: NanogptCommand): Promise<Contender> {
  const version = peerVersion('@genai-fi/nanogpt');
  return inPage<NanogptCommand>(
    bench,
    'nanogpt',
    { do: 'open', ...open },
    work,
    (device) => `nanogpt ${version}, ${device}`,
  );
}
