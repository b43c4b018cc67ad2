import { checkExperiment, type Experiment } from './experiment.ts';
import { linkText, payloadOf } from './link-text.ts';
import { pack, unpack } from './packing.ts';

/** `#v1.…`, which holds all of the experiment. @throws LinkError for one that could not be opened again */
export const linkOf = (experiment: Experiment): string => linkText(pack(checkExperiment(experiment)));

/** The experiment of a link, of an address or of a message with one. @throws LinkError */
export const experimentOf = (text: string): Experiment => checkExperiment(unpack(payloadOf(text)));
