import type { BackendName } from '../../src/tensor/backend-name.ts';
import type { Bench } from '../bench.ts';
import type { Contender } from '../contender.ts';
import type { StockCommand } from '../pages/stock.ts';
import { NANO } from '../workload.ts';
import { inPage } from './in-page.ts';

/** The same model in stock TensorFlow.js operations: what our kernels and workers are worth. */
export const stock = (bench: Bench, backend: BackendName, work: StockCommand): Promise<Contender> =>
  inPage<StockCommand>(
    bench,
    'stock',
    { do: 'open', backend, model: { kind: 'folder', path: NANO } },
    work,
    (device) => `TensorFlow.js 4.22.0 alone: every op's composed.ts, tf.train.adam, ${device}, 1 worker`,
  );
