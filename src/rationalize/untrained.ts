import type { Round } from './records.ts';

/** The round as it was before its training began: samples and pairs stay. */
export function untrained(round: Round): Round {
  const nothing = { seconds: 0, tokens: 0 };
  return {
    ...round,
    policyOut: null,
    train: nothing,
    evaluate: nothing,
    stepSeconds: 0,
    snapshotSeconds: 0,
    steps: 0,
    selfTest: null,
    results: null,
  };
}
