import type { Pointer } from './pointer.ts';

/** Exports of kernels/*.c. All sizes are in elements; pointers are byte addresses in the shared heap. */
export interface Kernels {
  pack(b: Pointer, rowStride: number, columnStride: number, packed: Pointer, k: number, n: number): void;
  gemm(
    a: Pointer,
    rowStride: number,
    columnStride: number,
    packed: Pointer,
    c: Pointer,
    ldc: number,
    m: number,
    n: number,
    k: number,
    accumulate: number,
    scale: number,
  ): void;
  rms_norm(
    x: Pointer,
    w: Pointer,
    y: Pointer,
    rows: number,
    width: number,
    heads: number,
    begin: number,
    end: number,
    epsilon: number,
  ): void;
  rms_norm_input_gradient(
    x: Pointer,
    w: Pointer,
    dy: Pointer,
    dx: Pointer,
    rows: number,
    width: number,
    heads: number,
    begin: number,
    end: number,
    epsilon: number,
  ): void;
  rms_norm_weight_gradient(
    x: Pointer,
    dy: Pointer,
    dw: Pointer,
    rows: number,
    width: number,
    heads: number,
    begin: number,
    end: number,
    epsilon: number,
  ): void;
  rotary(
    x: Pointer,
    positions: Pointer,
    table: Pointer,
    y: Pointer,
    rows: number,
    heads: number,
    turned: number,
    headSize: number,
    sign: number,
  ): void;
  swiglu(x: Pointer, y: Pointer, rows: number, width: number): void;
  swiglu_gradient(x: Pointer, dy: Pointer, dx: Pointer, rows: number, width: number): void;
  geglu(x: Pointer, y: Pointer, rows: number, width: number): void;
  geglu_gradient(x: Pointer, dy: Pointer, dx: Pointer, rows: number, width: number): void;
  attention(
    qkv: Pointer,
    spans: Pointer,
    out: Pointer,
    lse: Pointer,
    scores: Pointer,
    tokens: number,
    heads: number,
    kvHeads: number,
    headSize: number,
    scale: number,
  ): void;
  attention_gradient(
    qkv: Pointer,
    spans: Pointer,
    out: Pointer,
    lse: Pointer,
    dout: Pointer,
    dqkv: Pointer,
    scores: Pointer,
    tokens: number,
    heads: number,
    kvHeads: number,
    headSize: number,
    scale: number,
  ): void;
  cache_write(
    k: Pointer,
    v: Pointer,
    rowStride: number,
    keys: Pointer,
    values: Pointer,
    places: Pointer,
    rows: number,
    kvHeads: number,
    headSize: number,
    capacity: number,
  ): void;
  cached_attention(
    q: Pointer,
    rowStride: number,
    prefixKeys: Pointer,
    prefixValues: Pointer,
    prefixCapacity: number,
    keys: Pointer,
    values: Pointer,
    capacity: number,
    reads: Pointer,
    out: Pointer,
    scores: Pointer,
    rows: number,
    heads: number,
    kvHeads: number,
    headSize: number,
    scale: number,
  ): void;
  logprob_chunk(
    logits: Pointer,
    targets: Pointer,
    max: Pointer,
    sum: Pointer,
    picked: Pointer,
    spread: Pointer,
    total: Pointer,
    rows: number,
    width: number,
    offset: number,
  ): void;
  logprob_finish(
    max: Pointer,
    sum: Pointer,
    picked: Pointer,
    spread: Pointer,
    total: Pointer,
    hit: Pointer,
    rows: number,
    vocabulary: number,
  ): void;
  logprob_weights(
    logits: Pointer,
    maxBefore: Pointer,
    max: Pointer,
    gathered: Pointer,
    rows: number,
    columns: number,
    width: number,
  ): void;
  logprob_derivative(
    gathered: Pointer,
    head: Pointer,
    targets: Pointer,
    sum: Pointer,
    rows: number,
    width: number,
  ): void;
  logprob_gradient_chunk(
    logits: Pointer,
    targets: Pointer,
    lse: Pointer,
    dy: Pointer,
    rows: number,
    width: number,
    offset: number,
  ): void;
  take_rows(table: Pointer, rows: Pointer, out: Pointer, count: number, width: number): void;
  add_rows(dy: Pointer, rows: Pointer, dtable: Pointer, count: number, width: number): void;
  sample_tokens(
    logits: Pointer,
    places: Pointer,
    newest: Pointer,
    out: Pointer,
    weights: Pointer,
    count: number,
    vocabulary: number,
    temperature: number,
    topP: number,
    topK: number,
    seedLow: number,
    seedHigh: number,
    round: number,
  ): void;
  sum_of_squares(x: Pointer, count: number): number;
  adamw(
    w: Pointer,
    gradient: Pointer,
    m: Pointer,
    v: Pointer,
    count: number,
    clip: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    decay: number,
    correction1: number,
    correction2: number,
  ): void;
}
