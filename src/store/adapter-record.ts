import type { LoraSettings } from '../model/lora-settings.ts';

/** An adapter from elsewhere, and the model that it was checked against. */
export interface AdapterRecord extends LoraSettings {
  /** Names the model with the adapter on it in every record that the two make together (`adaptedHash`). */
  id: string;
  name: string;
  model: { name: string; hash: string };
  /** Names its weights. */
  hash: string;
  bytes: number;
}

export type StoredAdapter = AdapterRecord & { weights: Blob };
