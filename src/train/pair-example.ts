/** One preference pair, tokenised, with the reference policy's summed log-probabilities. */
export interface PairExample {
  prompt: Int32Array;
  chosen: Int32Array;
  rejected: Int32Array;
  referenceChosen: number;
  referenceRejected: number;
}
