import { defaultsOf } from '../harness/fields.ts';
import { checkSettings, RUN_FIELDS, type RunSettings } from './settings.ts';

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
  return checkSettings({ ...defaultsOf(RUN_FIELDS), ...PRESETS[name].changes, ...changes });
}
