import type { JudgeRates } from './judge-limits.ts';

/** A model as a judge sees it: its true score, the judge's rates on its answers, and the score that follows. */
export interface JudgedModel extends JudgeRates {
  judgedScore: number;
}

/** Below this agreement the errors would need more right or wrong answers than the models have. */
export const LEAST_AGREEMENT = 2 / 3;

/**
 * Models, best first, that a judge puts in exactly the opposite order though it agrees equally often with the truth on
 * each (Dorner, Nastl and Hardt, arXiv 2410.13341, Proposition 1): the agreement bounds the bias of a score by
 * ±(1 − AG) alone. Here the best model's errors are all false fails, the worst one's all false passes, and true scores
 * are half as far apart as the biases.
 * @param agreement AG of each model, 2/3 to 1; at 1 nothing can be reversed and all scores are ½
 * @param models at least 2
 * @throws RangeError outside these
 */
export function reversedRanking(agreement: number, models: number): JudgedModel[] {
  if (!(agreement >= LEAST_AGREEMENT && agreement <= 1) || !(models >= 2))
    throw new RangeError(
      `No reversal of ${models} models is built for an agreement of ${agreement}: it needs 2/3 to 1.`,
    );
  const errors = 1 - agreement;
  return Array.from({ length: models }, (_, i) => {
    const place = i / (models - 1);
    const trueScore = 0.5 + errors * (0.5 - place);
    return {
      trueScore,
      sensitivity: 1 - (errors * (1 - place)) / trueScore,
      specificity: 1 - (errors * place) / (1 - trueScore),
      judgedScore: trueScore + errors * (2 * place - 1),
    };
  });
}
