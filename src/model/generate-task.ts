/** Draw `samples` completions of one prompt. `key` names the item in the noise: same key, same noise. */
export interface GenerateTask {
  key: number;
  prompt: Int32Array;
  /** Sample numbers to draw, e.g. [0..7]; a resumed job asks only for those it lacks. */
  samples: number[];
}
