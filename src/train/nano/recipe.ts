import type { OptimizerSettings } from '../optimizer-settings.ts';
import type { Schedule } from '../schedule.ts';

/** config.json of the embedded judge: a Llama whose matrices are multiples of 32 on every side. */
export const NANO_CONFIG = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  vocab_size: 768,
  hidden_size: 160,
  intermediate_size: 448,
  num_hidden_layers: 5,
  num_attention_heads: 5,
  num_key_value_heads: 5,
  head_dim: 32,
  max_position_embeddings: 1024,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  rope_parameters: { rope_theta: 10000, rope_type: 'default' },
  tie_word_embeddings: true,
  hidden_act: 'silu',
  attention_bias: false,
  mlp_bias: false,
  initializer_range: 0.02,
  bos_token_id: 1,
  eos_token_id: 2,
  pad_token_id: 0,
  torch_dtype: 'float16',
};

export interface StageRecipe extends Schedule {
  /** Optimisation steps of `batch` training texts. */
  steps: number;
  batch: number;
}

/** Chosen on validation items; the second stage starts where the first ended. */
export const RECIPE = {
  tokenizer: { texts: 6000, seed: 11 },
  weightsSeed: 17,
  corpusSeed: 1,
  /** Loss weight of the prompt's tokens; the judgment's is 1. */
  promptWeight: 0.2,
  /** Loss weight of a comparison's score line: four of its some forty tokens, and all that the verdict is made of. */
  scoreLineWeight: 4,
  optimizer: {
    learningRate: 0,
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0.01,
    maxGradNorm: 1,
  } satisfies OptimizerSettings,
  base: {
    steps: 4200,
    batch: 32,
    learningRate: 2.5e-3,
    warmupSteps: 100,
    schedule: 'cosine',
    floor: 0.03,
  } satisfies StageRecipe,
  seed: {
    steps: 260,
    batch: 48,
    learningRate: 4e-4,
    warmupSteps: 10,
    schedule: 'cosine',
    floor: 0.1,
  } satisfies StageRecipe,
};
