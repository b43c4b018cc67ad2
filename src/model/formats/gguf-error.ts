import { WeightFileError } from './weight-source.ts';

/** A file that is no sound GGUF, or holds what this engine cannot read. */
export class GgufError extends WeightFileError {
  override name = 'GgufError';
}
