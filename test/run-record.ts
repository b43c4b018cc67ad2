import { presetSettings } from '../src/rationalize/presets.ts';
import type { Run } from '../src/rationalize/records.ts';

/** A run as it is stored when it begins. */
export const NEW_RUN: Run = {
  id: 'run',
  projectId: 'project',
  name: 'calm otter',
  settings: presetSettings('quick'),
  protocol: 'nano-point',
  seedPolicy: 'seedhash',
  appVersion: '0',
  created: 1,
  cursor: { round: 0, stage: 'before', done: false },
};
