import * as v from 'valibot';

const count = (name: string, least: number, most: number) =>
  v.pipe(
    v.number(`${name} must be a number.`),
    v.integer(`${name} must be a whole number.`),
    v.minValue(least, `${name} must be at least ${least}.`),
    v.maxValue(most, `${name} must be at most ${most}.`),
  );

const real = (name: string, least: number, most: number) =>
  v.pipe(
    v.number(`${name} must be a number.`),
    v.minValue(least, `${name} must be at least ${least}.`),
    v.maxValue(most, `${name} must be at most ${most}.`),
  );

/**
 * Everything that decides what a run does; a run stores it complete. What the paper leaves open (its β, N,
 * learning rate, SFT term) stands here as a value that was measured on validation items.
 */
export const SettingsSchema = v.strictObject({
  /** Varies item draw, sampling, pairing and order. */
  seed: count('Seed', 0, 2 ** 31 - 1),
  rounds: count('Rounds', 1, 10),

  itemsPerRound: count('Items per round', 1, 100_000),
  itemDraw: v.picklist(['uniform', 'balanced'], 'Item draw must be "uniform" or "balanced".'),
  samples: count('Samples per item', 2, 64),
  temperature: real('Temperature', 0.05, 5),
  topP: real('Top-p', 0.01, 1),
  /** 0: all tokens. */
  topK: v.optional(count('Top-k', 0, 1_000_000), 0),
  maxTokens: count('Longest judgment', 8, 4096),

  strategy: v.picklist(['correct-answer'], 'This pairing strategy is not known.'),
  /** A rejected score is off by at least this much. */
  margin: count('Margin', 1, 4),
  pairsPerItem: count('Pairs per item', 1, 256),

  beta: real('β', 0.001, 10),
  sftWeight: real('SFT weight', 0, 100),
  learningRate: real('Learning rate', 1e-8, 1),
  schedule: v.picklist(
    ['constant', 'cosine', 'linear'],
    'Schedule must be "constant", "cosine" or "linear".',
  ),
  warmupSteps: count('Warm-up steps', 0, 10_000),
  batchSize: count('Pairs per step', 1, 512),
  epochs: count('Epochs', 1, 20),
  /** 0 is full fine-tuning; otherwise the rank of the LoRA adapter. */
  loraRank: count('LoRA rank', 0, 256),
  loraAlpha: real('LoRA alpha', 0.01, 1024),
  /** Whether the reference is the judge that began the round (re-based), or always the seed judge. */
  reference: v.picklist(['rebase', 'seed'], 'Reference must be "rebase" or "seed".'),
  maxGradNorm: real('Gradient norm limit', 0.001, 1e6),

  /** Held-out items that results are measured on; drawn the same for every seed. */
  heldoutItems: count('Held-out items', 1, 100_000),
});

export type RunSettings = v.InferOutput<typeof SettingsSchema>;

/** Thrown for settings that cannot be run; the message lists every fault in words. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** Checks settings from a form, a file or a link. @throws SettingsError */
export function checkSettings(input: unknown): RunSettings {
  const result = v.safeParse(SettingsSchema, input);
  if (result.success) return result.output;
  throw new SettingsError(result.issues.map((issue) => issue.message).join(' '));
}
