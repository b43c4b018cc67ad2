import { parseModelConfig, type ModelConfig } from '../../../src/model/config.ts';
import type { GgufMetadata } from '../../../src/model/formats/gguf-header.ts';
import type { NamedArrays } from '../../../src/model/formats/safetensors.ts';

/**
 * Reads llama2.c's files (github.com/karpathy/llama2.c, version 0): seven int32, then float32 weights matrix by matrix, all
 * layers of one kind together; its rotary embedding turns neighbours (2j, 2j + 1), Hugging Face's the halves (j, j + d/2).
 *
 * Its heads have 8 elements, and the kernels read 16. So every head is widened by zeros, which add nothing to q·k and
 * nothing to the output: pair j of the small head becomes pair j of the wide one. Pairs of a head of 16 turn by
 * θ^(−2j/16), so θ² keeps their angles; the scale of q·k stays 1/√8.
 */
const KERNEL_HEAD = 16;
const THETA = 10000;

export function readLlama2c(file: ArrayBuffer): { config: ModelConfig; arrays: NamedArrays } {
  const [hidden, inner, layers, heads, kvHeads, vocabulary, context] = new Int32Array(file, 0, 7) as unknown as [
    number, number, number, number, number, number, number]; // prettier-ignore
  const headSize = hidden / heads;
  const widening = KERNEL_HEAD / headSize;
  const config = parseModelConfig({
    model_type: 'llama',
    vocab_size: vocabulary,
    hidden_size: hidden,
    intermediate_size: inner,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: KERNEL_HEAD,
    max_position_embeddings: context,
    rms_norm_eps: 1e-5,
    rope_theta: THETA ** widening,
    query_pre_attn_scalar: headSize,
    hidden_act: 'silu',
    tie_word_embeddings: true,
    eos_token_id: 2,
  });

  let offset = 7 * 4;
  const take = (...shape: number[]) => {
    const data = new Float32Array(
      file,
      offset,
      shape.reduce((a, b) => a * b),
    );
    offset += data.byteLength;
    return { shape, data };
  };
  const arrays: NamedArrays = new Map();
  const perLayer = (name: string, shape: number[], change = (array: Matrix) => array) => {
    for (let layer = 0; layer < layers; layer++)
      arrays.set(`model.layers.${layer}.${name}.weight`, change(take(...shape)));
  };
  const turned = (count: number) => (array: Matrix) => widenRows(array, count, headSize, halves);
  arrays.set('model.embed_tokens.weight', take(vocabulary, hidden));
  perLayer('input_layernorm', [hidden]);
  perLayer('self_attn.q_proj', [heads * headSize, hidden], turned(heads));
  perLayer('self_attn.k_proj', [kvHeads * headSize, hidden], turned(kvHeads));
  perLayer('self_attn.v_proj', [kvHeads * headSize, hidden], (array) => widenRows(array, kvHeads, headSize));
  perLayer('self_attn.o_proj', [hidden, heads * headSize], (array) =>
    transpose(widenRows(transpose(array), heads, headSize)),
  );
  perLayer('post_attention_layernorm', [hidden]);
  perLayer('mlp.gate_proj', [inner, hidden]);
  perLayer('mlp.down_proj', [hidden, inner]);
  perLayer('mlp.up_proj', [inner, hidden]);
  arrays.set('model.norm.weight', take(hidden));
  return { config, arrays };
}

interface Matrix {
  shape: number[];
  data: Float32Array;
}

/** Neighbours (2j, 2j + 1) to the two halves of a wide head. */
const halves = (row: number) => (row % 2) * (KERNEL_HEAD / 2) + Math.floor(row / 2);

/** Each head's rows among zeros, row r of a head at `place(r)`. */
function widenRows(
  { shape, data }: Matrix,
  heads: number,
  headSize: number,
  place = (row: number) => row,
): Matrix {
  const columns = shape[1]!;
  const wide = new Float32Array(heads * KERNEL_HEAD * columns);
  for (let head = 0; head < heads; head++)
    for (let row = 0; row < headSize; row++) {
      const from = (head * headSize + row) * columns;
      wide.set(data.subarray(from, from + columns), (head * KERNEL_HEAD + place(row)) * columns);
    }
  return { shape: [heads * KERNEL_HEAD, columns], data: wide };
}

function transpose({ shape, data }: Matrix): Matrix {
  const [rows, columns] = shape as [number, number];
  const turned = Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
  return { shape: [columns, rows], data: turned };
}

/** tok512.bin: the longest length, then per token its score, length and bytes. As a GGUF would hold it. */
export function readLlama2cTokens(file: ArrayBuffer): GgufMetadata {
  const view = new DataView(file);
  const tokens: string[] = [];
  const scores: number[] = [];
  for (let at = 4; at < file.byteLength;) {
    const length = view.getInt32(at + 4, true);
    scores.push(view.getFloat32(at, true));
    tokens.push(new TextDecoder().decode(new Uint8Array(file, at + 8, length)));
    at += 8 + length;
  }
  // 0 is <unk>, 1 and 2 begin and end a text, then come the 256 bytes.
  const type = (id: number) => (id === 0 ? 2 : id < 3 ? 3 : id < 3 + 256 ? 6 : 1);
  return new Map<string, unknown>([
    ['tokenizer.ggml.model', 'llama'],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.scores', scores],
    ['tokenizer.ggml.token_type', tokens.map((_, id) => type(id))],
  ]);
}
