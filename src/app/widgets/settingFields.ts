import type { RunSettings } from '../../rationalize/settings.ts';

/** How one setting is asked for, and the name it goes by everywhere on the page. */
export type SettingField =
  | {
      key: keyof RunSettings;
      label: string;
      hint: string;
      kind: 'number';
      min: number;
      max: number;
      step: number | 'any';
    }
  | {
      key: keyof RunSettings;
      label: string;
      hint: string;
      kind: 'choice';
      options: { value: string; label: string }[];
    };

export interface SettingGroup {
  title: string;
  fields: SettingField[];
}

function number(
  key: keyof RunSettings,
  label: string,
  hint: string,
  [min, max]: [number, number],
  step: number | 'any' = 1,
): SettingField {
  return { key, label, hint, kind: 'number', min, max, step };
}

function choice(
  key: keyof RunSettings,
  label: string,
  hint: string,
  options: Record<string, string>,
): SettingField {
  const entries = Object.entries(options).map(([value, name]) => ({ value, label: name }));
  return { key, label, hint, kind: 'choice', options: entries };
}

/** Every setting of a run, in the order of the steps that it governs. The ranges are those of SettingsSchema. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    title: 'The run',
    fields: [
      number('rounds', 'Rounds', 'Each starts from the judge that the one before made.', [1, 10]),
      number('seed', 'Seed', 'Varies item draw, sampling, pairing and order.', [0, 2 ** 31 - 1]),
      number('heldoutItems', 'Held-out items', 'What the results are measured on.', [1, 100_000]),
    ],
  },
  {
    title: 'Rationales',
    fields: [
      number('itemsPerRound', 'Items per round (M)', 'Training items that the judge grades.', [1, 100_000]),
      number('samples', 'Samples per item (N)', 'Judgments asked for each item.', [2, 64]),
      number(
        'temperature',
        'Temperature',
        '1 samples as the judge believes; less is more decided.',
        [0.05, 5],
        'any',
      ),
      number('topP', 'Top-p', '1 keeps every token possible.', [0.01, 1], 'any'),
      number('topK', 'Top-k', 'Only the k likeliest tokens; 0 keeps all.', [0, 1_000_000]),
      number('maxTokens', 'Longest judgment', 'In tokens; longer ones are cut and never chosen.', [8, 4096]),
      choice('itemDraw', 'Item draw', 'Which training items a round gets.', {
        uniform: 'at random',
        balanced: 'one of each label in turn',
      }),
    ],
  },
  {
    title: 'Pairs',
    fields: [
      choice('strategy', 'Strategy', 'Which judgment is preferred to which.', {
        'correct-answer': 'correct answer',
      }),
      number('margin', 'Margin (m)', 'A rejected score is off by at least this.', [1, 4]),
      number('pairsPerItem', 'Pairs per item (k)', 'At most this many.', [1, 256]),
    ],
  },
  {
    title: 'Training',
    fields: [
      number('beta', 'β', 'How closely the judge is held to its reference.', [0.001, 10], 'any'),
      number(
        'sftWeight',
        'SFT weight',
        'Of the term that keeps chosen judgments likely; 0 is plain DPO.',
        [0, 100],
        'any',
      ),
      number('learningRate', 'Learning rate', 'Size of a step.', [1e-8, 1], 'any'),
      choice('schedule', 'Schedule', 'After the warm-up.', {
        constant: 'constant',
        cosine: 'cosine to zero',
        linear: 'linear to zero',
      }),
      number('warmupSteps', 'Warm-up steps', 'The learning rate grows over these.', [0, 10_000]),
      number('batchSize', 'Pairs per step', 'Averaged into one step.', [1, 512]),
      number('epochs', 'Epochs', 'How often each pair is used.', [1, 20]),
      number('loraRank', 'LoRA rank', '0 trains all weights (the embedded judge is small).', [0, 256]),
      number('loraAlpha', 'LoRA alpha', 'The adapter counts alpha / rank.', [0.01, 1024], 'any'),
      choice('reference', 'Reference', 'What each round is compared with.', {
        rebase: 'the judge that began the round',
        seed: 'always the seed judge',
      }),
      number(
        'maxGradNorm',
        'Gradient norm limit',
        'Longer gradients are shortened to this.',
        [0.001, 1e6],
        'any',
      ),
    ],
  },
];

const BY_KEY = new Map(SETTING_GROUPS.flatMap((group) => group.fields).map((field) => [field.key, field]));

export function settingLabel(key: keyof RunSettings): string {
  return BY_KEY.get(key)?.label ?? key;
}

/** A setting's value as its form writes it. */
export function settingValue(key: keyof RunSettings, value: string | number): string {
  const field = BY_KEY.get(key);
  if (field?.kind === 'choice')
    return field.options.find((option) => option.value === value)?.label ?? String(value);
  return String(value);
}
