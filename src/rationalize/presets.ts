import { checkSettings, type RunSettings } from './settings.ts';

/** The Standard preset, complete. The other presets are small changes to it. */
const STANDARD: RunSettings = {
  seed: 1,
  rounds: 2,
  itemsPerRound: 500,
  itemDraw: 'uniform',
  samples: 8,
  temperature: 1,
  topP: 1,
  topK: 0,
  maxTokens: 110,
  strategy: 'correct-answer',
  margin: 1,
  pairsPerItem: 4,
  beta: 0.1,
  sftWeight: 2,
  learningRate: 6e-5,
  schedule: 'constant',
  warmupSteps: 10,
  batchSize: 32,
  epochs: 1,
  loraRank: 0,
  loraAlpha: 16,
  reference: 'rebase',
  maxGradNorm: 1,
  heldoutItems: 1500,
};

export type PresetName = 'quick' | 'standard' | 'thorough';

export interface Preset {
  title: string;
  /** What a person gets for the time it costs. */
  purpose: string;
  changes: Partial<RunSettings>;
}

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  quick: {
    title: 'Quick',
    purpose: 'One round, to see the judge change.',
    changes: { rounds: 1, itemsPerRound: 150, heldoutItems: 300, warmupSteps: 3, batchSize: 16 },
  },
  standard: { title: 'Standard', purpose: 'Two rounds, enough items to be sure.', changes: {} },
  thorough: {
    title: 'Thorough',
    purpose: 'Three rounds on more items and more samples.',
    changes: { rounds: 3, itemsPerRound: 800, samples: 12 },
  },
};

/** Complete settings of a preset, with what a person changed on top. @throws SettingsError */
export function presetSettings(name: PresetName, changes: Partial<RunSettings> = {}): RunSettings {
  return checkSettings({ ...STANDARD, ...PRESETS[name].changes, ...changes });
}

/** What differs between two runs' settings, for showing them beside each other. */
export function settingsDifference(a: RunSettings, b: RunSettings): (keyof RunSettings)[] {
  return (Object.keys(a) as (keyof RunSettings)[]).filter((key) => a[key] !== b[key]);
}
