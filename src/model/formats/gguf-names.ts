/**
 * llama.cpp's names of tensors and Hugging Face's (github.com/ggml-org/llama.cpp, gguf-py/gguf/constants.py and
 * tensor_mapping.py).
 */

/** GGUF's architectures that can be read, by the `model_type` that they have in config.json. */
export const MODEL_TYPES: ReadonlyMap<string, string> = new Map([
  ['llama', 'llama'],
  ['qwen2', 'qwen2'],
  ['qwen3', 'qwen3'],
  ['gemma3', 'gemma3_text'],
]);

const OUTER: ReadonlyMap<string, string> = new Map([
  ['token_embd', 'model.embed_tokens'],
  ['output_norm', 'model.norm'],
  ['output', 'lm_head'],
]);

const BLOCK: ReadonlyMap<string, string> = new Map([
  ['attn_norm', 'input_layernorm'],
  ['attn_q', 'self_attn.q_proj'],
  ['attn_k', 'self_attn.k_proj'],
  ['attn_v', 'self_attn.v_proj'],
  ['attn_output', 'self_attn.o_proj'],
  ['attn_q_norm', 'self_attn.q_norm'],
  ['attn_k_norm', 'self_attn.k_norm'],
  ['ffn_norm', 'post_attention_layernorm'],
  ['ffn_gate', 'mlp.gate_proj'],
  ['ffn_up', 'mlp.up_proj'],
  ['ffn_down', 'mlp.down_proj'],
]);

/** Gemma 3 has norms after attention and MLP too, and so calls the one before the MLP by another name. */
const GEMMA_BLOCK: ReadonlyMap<string, string> = new Map([
  ...BLOCK,
  ['post_attention_norm', 'post_attention_layernorm'],
  ['ffn_norm', 'pre_feedforward_layernorm'],
  ['post_ffw_norm', 'post_feedforward_layernorm'],
]);

/** The divisors of Llama 3's rotary frequencies: configuration that llama.cpp stores as a tensor. */
export const ROPE_DIVISORS = 'rope_freqs.weight';

/** @returns the Hugging Face name, e.g. `model.layers.0.mlp.up_proj.weight` for `blk.0.ffn_up.weight`; null: unknown */
export function huggingFaceName(ggufName: string, architecture: string): string | null {
  const [, layer, part, kind] = /^(?:blk\.(\d{1,4})\.)?(\w+)\.(weight|bias)$/.exec(ggufName) ?? [];
  if (!part || !kind) return null;
  if (layer === undefined) return OUTER.has(part) ? `${OUTER.get(part)}.${kind}` : null;
  const name = (architecture === 'gemma3' ? GEMMA_BLOCK : BLOCK).get(part);
  return name ? `model.layers.${Number(layer)}.${name}.${kind}` : null;
}
