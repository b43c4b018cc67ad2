import type { DpoLossType } from '../loss-settings.ts';
import { aotLoss } from './aot.ts';
import { aotUnpairedLoss } from './aot-unpaired.ts';
import { apoDownLoss } from './apo-down.ts';
import { apoZeroLoss } from './apo-zero.ts';
import { bcoPairLoss } from './bco-pair.ts';
import { discopopLoss } from './discopop.ts';
import { exoPairLoss } from './exo-pair.ts';
import { hingeLoss } from './hinge.ts';
import { ipoLoss } from './ipo.ts';
import type { PreferenceLoss } from './loss.ts';
import { ncaPairLoss } from './nca-pair.ts';
import { robustLoss } from './robust.ts';
import { sftLoss } from './sft.ts';
import { sigmoidLoss } from './sigmoid.ts';
import { sigmoidNormLoss } from './sigmoid-norm.ts';
import { sppoHardLoss } from './sppo-hard.ts';

/** Every loss by TRL's name for it (`loss_type` of DPOConfig). */
export const LOSSES: Readonly<Record<DpoLossType, PreferenceLoss>> = {
  sigmoid: sigmoidLoss,
  hinge: hingeLoss,
  ipo: ipoLoss,
  exo_pair: exoPairLoss,
  nca_pair: ncaPairLoss,
  robust: robustLoss,
  bco_pair: bcoPairLoss,
  sppo_hard: sppoHardLoss,
  aot: aotLoss,
  aot_unpaired: aotUnpairedLoss,
  apo_zero: apoZeroLoss,
  apo_down: apoDownLoss,
  discopop: discopopLoss,
  sft: sftLoss,
  sigmoid_norm: sigmoidNormLoss,
};

/** Losses that compare pairs of a batch with each other: a part of the batch does not determine their gradient. */
export const NEEDS_WHOLE_BATCH: ReadonlySet<DpoLossType> = new Set(['aot', 'aot_unpaired']);
