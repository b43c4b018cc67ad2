import { weightShapes, type ModelConfig } from './config.ts';

/** Weights that may carry LoRA factors: every linear layer of the blocks, as QLoRA found best (Dettmers et al. 2023). */
export function adaptedWeights(config: ModelConfig): Map<string, [out: number, width: number]> {
  const linear = [...weightShapes(config)].filter(([name]) => name.endsWith('_proj.weight'));
  return new Map(linear.map(([name, shape]) => [name, shape as [number, number]]));
}
