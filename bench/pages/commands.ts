import type { LoraSettings } from '../../src/model/lora-settings.ts';

/** N rationales for each prompt, all of the same length. */
export interface Sampling<Prompt = number[]> {
  prompts: Prompt[];
  samples: number;
  newTokens: number;
}

/** One preference pair as token ids; JSON carries plain lists. */
export interface PairIds {
  prompt: number[];
  chosen: number[];
  rejected: number[];
}

/** One step of preference training over all pairs. */
export interface Preference {
  pairs: PairIds[];
  lora: LoraSettings | null;
}

/** DPO's β; the step's cost does not depend on it, nor on the learning rate. */
export const BETA = 0.1;
export const LEARNING_RATE = 1e-6;
