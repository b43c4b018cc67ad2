import { learningRateAt } from './schedule.ts';
import * as v from 'valibot';
import type { OptimizerSettings } from './optimizer-settings.ts';
import {
  checkLossSettings,
  LossSettingsError,
  type DpoLossSettings,
  type DpoLossType,
} from './loss-settings.ts';

/** A training configuration that cannot be followed, with the reason in words. */
export class TrlConfigError extends Error {
  override name = 'TrlConfigError';
}

/** What a run of TRL's DPOTrainer was told, as far as it changes the result. */
export interface TrlConfig {
  loss: DpoLossSettings;
  optimizer: OptimizerSettings;
  batchSize: number;
  /** null: one pass over the pairs. */
  steps: number | null;
  schedule: 'linear' | 'constant';
  /** Tokens of prompt and completion that are used. */
  maxLength: number;
  /** Keys that this project gives no meaning. */
  ignored: string[];
}

/** Numbers may stand in strings, and lists as Python prints them: "['sigmoid', 'sft']". */
const number = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.nonEmpty())]),
  v.transform(Number),
  v.finite(),
);
const count = v.pipe(number, v.integer(), v.minValue(1), v.maxValue(1_000_000));
const list = v.pipe(v.union([v.string(), v.array(v.unknown())]), v.transform(readList));
const one = <T extends string>(...names: T[]) => v.picklist(names);
const off = v.optional(v.union([v.literal(false), v.literal('False')], 'it is not supported'));

const Config = v.object({
  loss_type: v.optional(v.pipe(list, v.array(v.string())), 'sigmoid'),
  loss_weights: v.nullish(v.pipe(list, v.array(number))),
  beta: v.optional(number, 0.1),
  label_smoothing: v.optional(number, 0),
  discopop_tau: v.optional(number, 0.05),
  learning_rate: v.optional(v.pipe(number, v.minValue(0)), 1e-6),
  schedule: v.optional(one('linear to 0, no warm-up', 'linear', 'constant'), 'linear'),
  batch_size: v.optional(count, 8),
  steps: v.nullish(count),
  adam: v.optional(v.pipe(list, v.tuple([number, number, number])), [0.9, 0.999, 1e-8]),
  weight_decay: v.optional(v.pipe(number, v.minValue(0)), 0),
  max_grad_norm: v.optional(v.pipe(number, v.gtValue(0)), 1),
  order: v.optional(one('sequential'), 'sequential'),
  max_length: v.optional(count, 1024),
  truncation_mode: v.optional(one('keep_start'), 'keep_start'),
  // What TRL offers beside these changes the loss itself: refused, not ignored.
  f_divergence_type: v.optional(one('reverse_kl'), 'reverse_kl'),
  ld_alpha: v.nullish(v.null('it is not supported')),
  use_weighting: off,
  sync_ref_model: off,
});

/**
 * Reads `{config, steps}` as a run of TRL is logged, or the configuration alone; what is missing takes TRL's defaults.
 * @throws TrlConfigError for values that cannot be used or whose meaning is not implemented
 */
export function readTrlConfig(json: unknown): TrlConfig {
  const file = v.safeParse(v.object({ config: v.record(v.string(), v.unknown()) }), json);
  const parsed = v.safeParse(Config, file.success ? file.output.config : json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new TrlConfigError(`The configuration: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  const config = parsed.output;
  const [beta1, beta2, epsilon] = config.adam;
  const { learning_rate: learningRate, weight_decay: weightDecay, max_grad_norm: maxGradNorm } = config;
  return {
    loss: lossSettings(config),
    optimizer: { learningRate, beta1, beta2, epsilon, weightDecay, maxGradNorm },
    batchSize: config.batch_size,
    steps: config.steps ?? null,
    schedule: config.schedule === 'constant' ? 'constant' : 'linear',
    maxLength: config.max_length,
    ignored: Object.keys(file.success ? file.output.config : (json as object)).filter(
      (key) => !(key in Config.entries),
    ),
  };
}

/** Learning rate of a step, counted from 0; TRL's runs here have no warm-up. */
export function trlLearningRate({ optimizer, schedule }: TrlConfig, step: number, steps: number): number {
  return learningRateAt({ learningRate: optimizer.learningRate, warmupSteps: 0, schedule }, step, steps);
}

function lossSettings(config: v.InferOutput<typeof Config>): DpoLossSettings {
  const { loss_type: types, loss_weights: weights } = config;
  if (weights && weights.length !== types.length)
    throw new TrlConfigError(`There are ${types.length} losses but ${weights.length} loss_weights.`);
  const losses = types.map((type, i) => ({ type: type as DpoLossType, weight: weights?.[i] ?? 1 }));
  const { beta, label_smoothing: labelSmoothing, discopop_tau: discopopTau } = config;
  const settings = { beta, losses, labelSmoothing, discopopTau };
  try {
    checkLossSettings(settings);
  } catch (cause) {
    if (cause instanceof LossSettingsError) throw new TrlConfigError(cause.message, { cause });
    throw cause;
  }
  return settings;
}

/** A list as Python prints it; a bare word is a list of one. */
function readList(value: string | unknown[]): unknown[] {
  if (typeof value !== 'string') return value;
  if (!value.trim().startsWith('[')) return [value];
  try {
    return JSON.parse(value.replaceAll("'", '"')) as unknown[];
  } catch {
    return [value];
  }
}
