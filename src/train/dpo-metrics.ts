import type { PairOutcome } from './dpo.ts';
import { sftWeightOf, type DpoLossSettings } from './loss-settings.ts';
import type { PairExample } from './pair-example.ts';

/** TRL's metric names (trl/trainer/dpo_trainer.py), one optimisation step. */
export interface DpoStepMetrics {
  loss: number;
  /** The part of the loss that compares chosen with rejected: everything but `sft`, weighted. */
  'loss/dpo': number;
  /** Mean negative log-probability of a chosen token, whether or not it is part of the loss. */
  'loss/sft': number;
  'rewards/chosen': number;
  'rewards/rejected': number;
  'rewards/margins': number;
  'rewards/accuracies': number;
  'logps/chosen': number;
  'logps/rejected': number;
  /** Mean over all completion tokens, in nats. */
  entropy: number;
  /** Mean logit over the vocabulary and the tokens of the chosen completions, and of the rejected. */
  'logits/chosen': number;
  'logits/rejected': number;
  /** Share of the chosen tokens that were the likeliest. */
  mean_token_accuracy: number;
  grad_norm: number;
  learning_rate: number;
  tokens: number;
  seconds: number;
  /** Per pair: policy log-probabilities, for the equation view. */
  pairs: { chosen: number; rejected: number }[];
}

/**
 * What a step reports, from what the step saw of each pair.
 * @param outcomes one for each pair, in the same order
 */
export function dpoMetrics(
  pairs: PairExample[],
  outcomes: PairOutcome[],
  settings: DpoLossSettings,
  step: Pick<DpoStepMetrics, 'grad_norm' | 'learning_rate' | 'seconds'>,
): DpoStepMetrics {
  const total = (value: (outcome: PairOutcome, pair: PairExample) => number) =>
    outcomes.reduce((sum, outcome, i) => sum + value(outcome, pairs[i] as PairExample), 0);
  const mean = (value: Parameters<typeof total>[0]) => total(value) / pairs.length;
  const { beta } = settings;
  const chosenReward = mean((o, pair) => beta * (o.chosen - pair.referenceChosen));
  const rejectedReward = mean((o, pair) => beta * (o.rejected - pair.referenceRejected));
  const dpo = mean((o) => o.dpo);
  const chosenTokens = pairs.reduce((sum, { chosen }) => sum + chosen.length, 0);
  const rejectedTokens = pairs.reduce((sum, { rejected }) => sum + rejected.length, 0);
  const sft = -total((o) => o.chosen) / chosenTokens;
  return {
    loss: dpo + sftWeightOf(settings) * sft,
    'loss/dpo': dpo,
    'loss/sft': sft,
    'rewards/chosen': chosenReward,
    'rewards/rejected': rejectedReward,
    'rewards/margins': chosenReward - rejectedReward,
    'rewards/accuracies': mean((o, pair) =>
      o.chosen - pair.referenceChosen > o.rejected - pair.referenceRejected ? 1 : 0,
    ),
    'logps/chosen': mean((o) => o.chosen),
    'logps/rejected': mean((o) => o.rejected),
    entropy: total((o) => o.entropy) / (chosenTokens + rejectedTokens),
    'logits/chosen': total((o) => o.chosenLogits) / chosenTokens,
    'logits/rejected': total((o) => o.rejectedLogits) / rejectedTokens,
    mean_token_accuracy: total((o) => o.hits) / chosenTokens,
    ...step,
    tokens: pairs.reduce(
      (sum, { prompt, chosen, rejected }) => sum + 2 * prompt.length + chosen.length + rejected.length,
      0,
    ),
    pairs: outcomes.map(({ chosen, rejected }) => ({ chosen, rejected })),
  };
}
