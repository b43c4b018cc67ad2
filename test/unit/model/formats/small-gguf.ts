import { f32, ggufFile, list, text, TYPE, u32 } from './gguf-file.ts';

/** A GGUF of three tensors, small enough that most changes hit its header. */
export const GGUF = ggufFile({
  metadata: [
    ['general.architecture', TYPE.string, text('llama')],
    ['general.alignment', TYPE.u32, u32(32)],
    ['llama.context_length', TYPE.u32, u32(64)],
    ['llama.embedding_length', TYPE.u32, u32(32)],
    ['llama.block_count', TYPE.u32, u32(1)],
    ['llama.feed_forward_length', TYPE.u32, u32(32)],
    ['llama.attention.head_count', TYPE.u32, u32(2)],
    ['llama.attention.layer_norm_rms_epsilon', TYPE.f32, f32(1e-6)],
    ['tokenizer.ggml.tokens', TYPE.list, list(TYPE.string, 3, text('a'), text('b'), text('Ġc'))],
    ['tokenizer.ggml.eos_token_id', TYPE.u32, u32(2)],
  ],
  tensors: [
    { name: 'token_embd.weight', dimensions: [32, 4], type: 8, offset: 0 },
    { name: 'blk.0.attn_q.weight', dimensions: [32, 32], type: 1, offset: 160 },
    { name: 'output_norm.weight', dimensions: [32], type: 0, offset: 2208 },
  ],
  data: new Uint8Array(2336),
});
