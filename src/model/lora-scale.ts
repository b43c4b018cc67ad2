import type { LoraSettings } from './lora-settings.ts';

/** s of W + s·BA: α/r (Hu et al. 2021), or α/√r for rank-stabilised adapters (Kalajdzievski 2023, arXiv 2312.03732). */
export function loraScale({ rank, alpha, rankStabilised = false }: LoraSettings): number {
  return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
}
