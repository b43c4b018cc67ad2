/** The four numbers that one preference pair brings to DPO: summed log-probabilities of both judgments. */
export interface PairLogprobs {
  policyChosen: number;
  policyRejected: number;
  referenceChosen: number;
  referenceRejected: number;
}

/** What the equation makes of them. */
export interface PairTerms {
  /** A = log π(chosen) − log π_ref(chosen). */
  chosenLogratio: number;
  /** B = log π(rejected) − log π_ref(rejected). */
  rejectedLogratio: number;
  /** Δ = A − B. */
  delta: number;
  /** βΔ, which TRL logs as rewards/margins. */
  margin: number;
  /** −log σ(βΔ). */
  loss: number;
  /** σ(−βΔ): how strongly this pair still pulls on the weights. */
  weight: number;
}

/**
 * The terms of the sigmoid DPO loss of one pair (Rafailov et al., 2023, eq. 7; the weight is in its gradient).
 * Written with softplus so that a large margin neither overflows nor loses its last digits.
 */
export function pairTerms(logprobs: PairLogprobs, beta: number): PairTerms {
  const chosenLogratio = logprobs.policyChosen - logprobs.referenceChosen;
  const rejectedLogratio = logprobs.policyRejected - logprobs.referenceRejected;
  const delta = chosenLogratio - rejectedLogratio;
  const margin = beta * delta;
  return {
    chosenLogratio,
    rejectedLogratio,
    delta,
    margin,
    loss: softplus(-margin),
    weight: 1 / (1 + Math.exp(margin)),
  };
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
