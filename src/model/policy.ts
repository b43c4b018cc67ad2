import type { LoraSettings } from './lora-settings.ts';

/**
 * The weights that judge: the seed model as loaded, all its weights after full fine-tuning, or a LoRA adapter
 * on it. `weights` are safetensors bytes (float32; PEFT's names and layout for LoRA).
 */
export type Policy =
  | { kind: 'seed' }
  | { kind: 'full'; hash: string; weights: ArrayBuffer }
  | ({ kind: 'lora'; hash: string; weights: ArrayBuffer } & LoraSettings);
