/** TRL's names (`loss_type`); src/train/losses has one file for each. */
export type DpoLossType =
  | 'sigmoid'
  | 'hinge'
  | 'ipo'
  | 'exo_pair'
  | 'nca_pair'
  | 'robust'
  | 'bco_pair'
  | 'sppo_hard'
  | 'aot'
  | 'aot_unpaired'
  | 'apo_zero'
  | 'apo_down'
  | 'discopop'
  | 'sft'
  | 'sigmoid_norm';

/** Σ weight · loss, as TRL combines its lists `loss_type` and `loss_weights`. */
export interface DpoLossSettings {
  beta: number;
  losses: { type: DpoLossType; weight: number }[];
  /** ε of robust, exo_pair, aot and aot_unpaired. Default: 0. */
  labelSmoothing?: number;
  /** τ of discopop. Default: 0.05. */
  discopopTau?: number;
}

/** Settings that no loss can be computed with, with the reason in words. */
export class LossSettingsError extends Error {
  override name = 'LossSettingsError';
}

export const LOSS_TYPES: readonly DpoLossType[] = [
  'sigmoid',
  'hinge',
  'ipo',
  'exo_pair',
  'nca_pair',
  'robust',
  'bco_pair',
  'sppo_hard',
  'aot',
  'aot_unpaired',
  'apo_zero',
  'apo_down',
  'discopop',
  'sft',
  'sigmoid_norm',
];

/** The DPO loss plus `sftWeight` times the supervised loss on the chosen completion. */
export function dpoWithSft(beta: number, sftWeight: number): DpoLossSettings {
  const sft = { type: 'sft', weight: sftWeight } as const;
  return { beta, losses: [{ type: 'sigmoid', weight: 1 }, ...(sftWeight === 0 ? [] : [sft])] };
}

/** Weight of the supervised term; 0 without one. */
export function sftWeightOf({ losses }: DpoLossSettings): number {
  return losses.reduce((sum, { type, weight }) => sum + (type === 'sft' ? weight : 0), 0);
}

/** @throws LossSettingsError for unknown losses and for values outside of the formulas' range */
export function checkLossSettings({
  beta,
  losses,
  labelSmoothing = 0,
  discopopTau = 0.05,
}: DpoLossSettings): void {
  const refuse = (reason: string): never => {
    throw new LossSettingsError(reason);
  };
  if (!(beta > 0 && Number.isFinite(beta))) refuse(`β must be a positive number, not ${beta}.`);
  if (!(discopopTau > 0)) refuse(`discopop_tau must be positive, not ${discopopTau}.`);
  if (!(labelSmoothing >= 0 && labelSmoothing < 0.5))
    refuse(`label_smoothing must lie in [0, 0.5), not ${labelSmoothing}.`);
  if (losses.length === 0) refuse('There is no loss to train with.');
  for (const { type, weight } of losses) {
    if (!LOSS_TYPES.includes(type)) refuse(`There is no loss "${type}"; there are ${LOSS_TYPES.join(', ')}.`);
    if (!Number.isFinite(weight)) refuse(`The weight of the loss "${type}" must be a number, not ${weight}.`);
    if (type === 'exo_pair' && labelSmoothing === 0)
      refuse('The loss "exo_pair" needs label_smoothing above 0, e.g. 0.001: it takes its logarithm.');
  }
}
