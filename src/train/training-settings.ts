import type { LoraSettings } from '../model/lora-settings.ts';
import type { OptimizerSettings } from './optimizer-settings.ts';

export interface TrainingSettings {
  /** null: full fine-tuning. A policy of kind 'lora' continues its own adapter. */
  lora: LoraSettings | null;
  optimizer: OptimizerSettings;
  /** Seeds the LoRA initialisation. */
  seed: number;
}
