/** How a file stores a tensor: plain numbers, or GGUF blocks of quantised ones. */
export type WeightFormat = 'f32' | 'f16' | 'bf16' | 'q8_0' | 'q4_0' | 'q4_k' | 'q5_0' | 'q5_k' | 'q6_k';

/** Values and bytes of one block; a plain number is a block of one. Sizes as in ggml-common.h. */
export const BLOCKS: Readonly<Record<WeightFormat, { values: number; bytes: number }>> = {
  f32: { values: 1, bytes: 4 },
  f16: { values: 1, bytes: 2 },
  bf16: { values: 1, bytes: 2 },
  q8_0: { values: 32, bytes: 34 },
  q4_0: { values: 32, bytes: 18 },
  q5_0: { values: 32, bytes: 22 },
  q4_k: { values: 256, bytes: 144 },
  q5_k: { values: 256, bytes: 176 },
  q6_k: { values: 256, bytes: 210 },
};

export interface WeightEntry {
  /** Hugging Face name, e.g. `model.layers.0.self_attn.q_proj.weight`, whatever the file calls it. */
  name: string;
  shape: number[];
  format: WeightFormat;
  /** Size as stored. */
  bytes: number;
}

/** Weights read one tensor at a time, so that a large file is never in memory twice. */
export interface WeightSource {
  readonly entries: ReadonlyMap<string, WeightEntry>;
  /**
   * True where the file holds 1 + w of norms that multiply by 1 + w (Gemma): llama.cpp adds the 1 when it writes GGUF,
   * Hugging Face checkpoints leave it to the code.
   */
  readonly normsIncludeOne?: boolean;
  /** The tensor as published: its blocks, untouched. Rows stand in Hugging Face's order. */
  readRaw(name: string): Promise<Uint8Array>;
  /** The tensor as float32; NaN or infinity throws. */
  read(name: string): Promise<Float32Array>;
}

/** A file of weights that cannot be used, with the reason in words. */
export class WeightFileError extends Error {
  override name = 'WeightFileError';
}
