import type { Cost } from '../case.ts';
import { coldStart, THROTTLED } from '../contenders/cold-start.ts';

export const coldStartLocal: Cost = {
  name: 'cold-start',
  work: "The first judgment's first token after navigation, embedded judge, nothing cached, WASM",
  unit: 's',
  most: 2,
  ours: (bench) => coldStart(bench, 'seconds', 1),
};

export const coldStartThrottled: Cost = {
  name: 'cold-start-throttled',
  work: 'The same through a line of 10 Mbit/s and 40 ms',
  unit: 's',
  most: 6,
  ours: (bench) => coldStart(bench, 'seconds', 1, THROTTLED),
};

export const coldStartBytes: Cost = {
  name: 'cold-start-bytes',
  work: 'Bytes that came over that line by then, headers included',
  unit: 'MB',
  most: 4.5,
  ours: (bench) => coldStart(bench, 'bytes', 1e6, THROTTLED),
};

export const pageScript: Cost = {
  name: 'page-javascript',
  work: 'JavaScript that was asked for by then, compressed with gzip',
  unit: 'kB',
  most: 450,
  ours: (bench) => coldStart(bench, 'script', 1000),
};
