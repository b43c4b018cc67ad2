import type { DpoStepMetrics } from '../train/dpo-metrics.ts';

/** The first step's check: a policy that equals its reference has a DPO loss of ln 2 and margin 0. */
export interface SelfTest {
  loss: number;
  margin: number;
  /** null where the policy does not start at its reference, so that there is nothing to check. */
  passed: boolean | null;
}

const TOLERANCE = 1e-3;

/**
 * The first step's identity: while the policy still equals its reference, every log-ratio is 0, so the DPO loss
 * is −log σ(0) = ln 2 and the margin 0. Anything else means that reference and policy were not computed alike.
 */
export function selfTest(first: DpoStepMetrics, startsAtReference: boolean): SelfTest {
  const loss = first['loss/dpo'];
  const margin = first['rewards/margins'];
  const holds = Math.abs(loss - Math.LN2) < TOLERANCE && Math.abs(margin) < TOLERANCE;
  return { loss, margin, passed: startsAtReference ? holds : null };
}
