import { checkFields, choice, count, real, SettingsError, type ValuesOf, seed } from '../harness/fields.ts';

export { SettingsError };

/**
 * Everything that decides what a run does; a run stores it complete. What the paper leaves open (its β, N, learning
 * rate, SFT term) has as its default a value that was measured on validation items. Defaults are those of Standard.
 */
export const RUN_FIELDS = {
  rounds: count({
    label: 'Rounds',
    hint: 'Each starts from the judge that the one before made.',
    default: 2,
    least: 1,
    most: 10,
  }),
  seed: seed('Varies item draw, sampling, pairing and order.'),
  /** Drawn the same for every seed. */
  heldoutItems: count({
    label: 'Held-out items',
    hint: 'What the results are measured on.',
    default: 1500,
    least: 1,
    most: 100_000,
  }),

  itemsPerRound: count({
    label: 'Items per round (M)',
    hint: 'Training items that the judge grades.',
    default: 500,
    least: 1,
    most: 100_000,
  }),
  samples: count({
    label: 'Samples per item (N)',
    hint: 'Judgments asked for each item.',
    default: 8,
    least: 2,
    most: 64,
  }),
  temperature: real({
    label: 'Temperature',
    hint: '1 samples as the judge believes; less is more decided.',
    default: 1,
    least: 0.05,
    most: 5,
  }),
  topP: real({ label: 'Top-p', hint: '1 keeps every token possible.', default: 1, least: 0.01, most: 1 }),
  topK: count({
    label: 'Top-k',
    hint: 'Only the k likeliest tokens; 0 keeps all.',
    default: 0,
    least: 0,
    most: 1_000_000,
    // Runs from before there was a top-k.
    absent: 0,
  }),
  maxTokens: count({
    label: 'Longest judgment',
    hint: 'In tokens; longer ones are cut and never chosen.',
    default: 110,
    least: 8,
    most: 4096,
  }),
  itemDraw: choice({
    label: 'Item draw',
    hint: 'Which training items a round gets.',
    default: 'uniform',
    options: { uniform: 'at random', balanced: 'one of each label in turn' },
  }),

  strategy: choice({
    label: 'Strategy',
    hint: 'Which judgment is preferred to which.',
    default: 'correct-answer',
    options: { 'correct-answer': 'correct answer' },
  }),
  margin: count({
    label: 'Margin (m)',
    hint: 'A rejected score is off by at least this.',
    default: 1,
    least: 1,
    most: 4,
  }),
  pairsPerItem: count({
    label: 'Pairs per item (k)',
    hint: 'At most this many.',
    default: 4,
    least: 1,
    most: 256,
  }),

  beta: real({
    label: 'β',
    hint: 'How closely the judge is held to its reference.',
    default: 0.1,
    least: 0.001,
    most: 10,
  }),
  sftWeight: real({
    label: 'SFT weight',
    hint: 'Of the term that keeps chosen judgments likely; 0 is plain DPO.',
    default: 2,
    least: 0,
    most: 100,
  }),
  learningRate: real({
    label: 'Learning rate',
    hint: 'Size of a step.',
    default: 6e-5,
    least: 1e-8,
    most: 1,
  }),
  schedule: choice({
    label: 'Schedule',
    hint: 'After the warm-up.',
    default: 'constant',
    options: { constant: 'constant', cosine: 'cosine to zero', linear: 'linear to zero' },
  }),
  warmupSteps: count({
    label: 'Warm-up steps',
    hint: 'The learning rate grows over these.',
    default: 10,
    least: 0,
    most: 10_000,
  }),
  batchSize: count({
    label: 'Pairs per step',
    hint: 'Averaged into one step.',
    default: 32,
    least: 1,
    most: 512,
  }),
  epochs: count({ label: 'Epochs', hint: 'How often each pair is used.', default: 1, least: 1, most: 20 }),
  loraRank: count({
    label: 'LoRA rank',
    hint: '0 trains all weights (the embedded judge is small).',
    default: 0,
    least: 0,
    most: 256,
  }),
  loraAlpha: real({
    label: 'LoRA alpha',
    hint: 'The adapter counts alpha / rank.',
    default: 16,
    least: 0.01,
    most: 1024,
  }),
  reference: choice({
    label: 'Reference',
    hint: 'What each round is compared with.',
    default: 'rebase',
    options: { rebase: 'the judge that began the round', seed: 'always the seed judge' },
  }),
  maxGradNorm: real({
    label: 'Gradient norm limit',
    hint: 'Longer gradients are shortened to this.',
    default: 1,
    least: 0.001,
    most: 1e6,
  }),
};

export type RunSettings = ValuesOf<typeof RUN_FIELDS>;

/** The settings in the order of the steps that they govern, for forms and tables. */
export const RUN_FIELD_GROUPS: readonly { title: string; keys: readonly (keyof RunSettings)[] }[] = [
  { title: 'The run', keys: ['rounds', 'seed', 'heldoutItems'] },
  {
    title: 'Rationales',
    keys: ['itemsPerRound', 'samples', 'temperature', 'topP', 'topK', 'maxTokens', 'itemDraw'],
  },
  { title: 'Pairs', keys: ['strategy', 'margin', 'pairsPerItem'] },
  {
    title: 'Training',
    keys: [
      'beta', 'sftWeight', 'learningRate', 'schedule', 'warmupSteps', 'batchSize', 'epochs', 'loraRank', 'loraAlpha',
      'reference', 'maxGradNorm',
    ], // prettier-ignore
  },
];

/** Checks settings from a form, a file or a link. @throws SettingsError */
export function checkSettings(input: unknown): RunSettings {
  return checkFields(RUN_FIELDS, input);
}
