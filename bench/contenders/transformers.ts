import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.ts';
import { perSecond, type Contender, type Measured } from '../contender.ts';
import { LineProcess } from '../line-process.ts';
import type { Sampling } from '../pages/commands.ts';
import type { TransformersCommand } from '../pages/transformers.ts';
import { NANO, shared } from '../workload.ts';
import { fastest } from './fastest.ts';
import { inPage } from './in-page.ts';
import { CORES } from './ours.ts';
import { peerVersion } from './peer-version.ts';

const PACKAGE = '@huggingface/transformers';
const describe = (device: string): string =>
  `transformers.js ${peerVersion(PACKAGE)}, ${device}, all rows in one batch`;

/** transformers.js on its best device here: native ONNX Runtime in Node, or WASM in the page, whichever is faster. */
export function transformers(bench: Bench, sampling: Sampling): Promise<Contender> {
  peerVersion(PACKAGE);
  return fastest(bench, [() => inWasm(bench, sampling), () => inNode(sampling)]);
}

const inWasm = (bench: Bench, sampling: Sampling): Promise<Contender> =>
  inPage<TransformersCommand>(
    bench,
    'transformers',
    { do: 'open', model: basename(NANO), threads: CORES },
    { do: 'sample', ...sampling },
    describe,
  );

async function inNode(sampling: Sampling): Promise<Contender> {
  const folder = shared(NANO);
  const script = fileURLToPath(new URL('../transformers-node.ts', import.meta.url));
  const server = new LineProcess(process.execPath, ['--import', 'tsx', script]);
  try {
    const open = { do: 'open', models: `${dirname(folder)}/`, model: basename(folder) };
    const given = describe(await server.call<string>(open));
    return {
      given,
      measure: async () => perSecond(await server.call<Measured>({ do: 'sample', ...sampling })),
      close: async () => server.close(),
    };
  } catch (error) {
    server.close();
    throw error;
  }
}
