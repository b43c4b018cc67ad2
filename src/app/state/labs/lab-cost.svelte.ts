import type { DeviceSpeed } from '../../../harness/device-speed.ts';
import type { FieldValues } from '../../../harness/fields.ts';
import type { Lab } from '../../../labs/lab.ts';
import { presetSettings } from '../../../rationalize/presets.ts';
import { measuredSpeed } from '../engine/device-speed.svelte.ts';

/** What a lab will take, before the click. */
export interface KnownCost {
  seconds: number;
  bytes: number;
  /** Whether this device was measured; otherwise it is what two CPU cores take. */
  measured: boolean;
}

/**
 * The embedded judge on two cores without a GPU, as `measureSpeed` found it on the machine that the results documents
 * come from (median of three, 2 WASM workers): what a card says until this device was measured, which takes two seconds of
 * the judge.
 */
const TWO_CORES: DeviceSpeed = {
  promptToken: 6e-5,
  generatedToken: 7.9e-5,
  trainedToken: 1.1e-4,
  trainingStep: 0.074,
  promptLength: 41,
  judgmentLength: 40,
};

export function knownCost(lab: Lab, settings: FieldValues): KnownCost {
  const { speed } = measuredSpeed;
  const stages = lab.cost(settings, speed ?? TWO_CORES);
  const sum = (part: 'seconds' | 'bytes') => stages.reduce((total, stage) => total + stage[part], 0);
  return { seconds: sum('seconds'), bytes: sum('bytes'), measured: speed !== null };
}

/** Measures this device with the open judge; a judge that is not there is no reason to complain here. */
export async function measureDevice(): Promise<void> {
  await measuredSpeed.ensure(presetSettings('quick')).catch(() => undefined);
}
