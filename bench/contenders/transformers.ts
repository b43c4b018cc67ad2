import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.ts';
import { perSecond, type Contender, type Measured } from '../contender.ts';
import { LineProcess } from '../line-process.ts';
import type { Sampling } from '../pages/commands.ts';
import type { TransformersCommand } from '../pages/transformers.ts';
import { NANO, shared } from '../workload.ts';
import { inPage } from './in-page.ts';
import { CORES } from './ours.ts';
import { peerVersion } from './peer-version.ts';

const PACKAGE = '@huggingface/transformers';
const describe = (device: string): string =>
  `transformers.js ${peerVersion(PACKAGE)}, ${device}, all rows in one batch`;

/** transformers.js on its best device here: WASM in the page, or native ONNX Runtime in Node, whichever is faster. */
export async function transformers(bench: Bench, sampling: Sampling): Promise<Contender> {
  peerVersion(PACKAGE);
  const page = await inWasm(bench, sampling);
  const native = await inNode(sampling).catch((error: unknown) => {
    bench.log(`transformers.js in Node: ${String(error)}`);
    return null;
  });
  if (!native) return page;
  const [inPageRate, nativeRate] = [await page.measure(), await native.measure()];
  const [best, other, otherRate] =
    inPageRate > nativeRate ? [page, native, nativeRate] : [native, page, inPageRate];
  await other.close();
  return { ...best, given: `${best.given} (${other.given}: ${Math.round(otherRate)} tokens/s)` };
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
