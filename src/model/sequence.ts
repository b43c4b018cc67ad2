/** Prompt and completion ids of one sequence; completion ends with `<eos>`. */
export interface Sequence {
  prompt: Int32Array;
  completion: Int32Array;
}
