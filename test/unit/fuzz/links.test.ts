/** Links: whoever sends one has written every byte of it. */
import { deflateSync } from 'fflate';
import { linkText, LinkError } from '../../../src/share/link-text.ts';
import { experimentOf, linkOf } from '../../../src/share/link.ts';
import { checkExperiment } from '../../../src/share/experiment.ts';
import { pack, unpack } from '../../../src/share/packing.ts';
import { EXPERIMENT } from '../share/experiment.ts';
import { fuzz, toJson } from './fuzz.ts';

const LAB = {
  ...EXPERIMENT,
  kind: 'lab',
  lab: 'mt-bench',
  data: { name: 'essays.csv', hash: 'a'.repeat(16), size: 2, items: [{ instruction: 'Ask', response: 'Say', criterion: 'c', score: 4 }] }, // prettier-ignore
} as const;

fuzz({
  name: 'a link',
  seeds: [linkOf(EXPERIMENT), `https://judges.example/${linkOf(EXPERIMENT)}`] as string[],
  read: experimentOf,
  refusals: [LinkError],
  again: linkOf,
  sealed: true,
});

fuzz({
  name: "a link's bytes under a right checksum",
  seeds: [Uint8Array.from(pack(EXPERIMENT)), Uint8Array.from(pack(LAB))],
  read: (bytes) => experimentOf(linkText(bytes)),
  refusals: [LinkError],
  again: (experiment) => Uint8Array.from(pack(experiment)),
  sealed: true,
});

/** Deflated without looking for repetitions, which is most of the work. */
const stored = (json: string) => deflateSync(new TextEncoder().encode(json), { level: 0 });

fuzz({
  name: 'an experiment in a link',
  seeds: [toJson(EXPERIMENT), toJson(LAB)],
  read: (json) => checkExperiment(unpack(stored(json))),
  refusals: [LinkError],
  again: toJson,
});
