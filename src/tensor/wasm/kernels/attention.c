// Causal attention over a flat batch of packed sequences, and attention of single new tokens over a KV cache.
#include "simd.h"

INLINE float dot(const float *a, const float *b, int size) {
  f4 sum = splat(0.0f);
  for (int j = 0; j < size; j += 4) sum = madd(load(a + j), load(b + j), sum);
  return sum4(sum);
}

// out[j] = scale · a·b_j for `count` rows b_j that lie `stride` floats apart, four at a time: their partial sums are
// transposed in registers, so that four horizontal sums cost what one does.
INLINE void dots(const float *a, const float *b, long stride, int count, int size, float scale, float *out) {
  int t = 0;
  for (; t + 4 <= count; t += 4, b += 4 * stride) {
    f4 w = splat(0.0f), x = w, y = w, z = w;
    for (int j = 0; j < size; j += 4) {
      f4 q = load(a + j);
      w = madd(q, load(b + j), w);
      x = madd(q, load(b + stride + j), x);
      y = madd(q, load(b + 2 * stride + j), y);
      z = madd(q, load(b + 3 * stride + j), z);
    }
    f4 wx_low = wasm_i32x4_shuffle(w, x, 0, 4, 1, 5), wx_high = wasm_i32x4_shuffle(w, x, 2, 6, 3, 7);
    f4 yz_low = wasm_i32x4_shuffle(y, z, 0, 4, 1, 5), yz_high = wasm_i32x4_shuffle(y, z, 2, 6, 3, 7);
    f4 wx = wasm_f32x4_add(wx_low, wx_high), yz = wasm_f32x4_add(yz_low, yz_high);
    f4 sum = wasm_f32x4_add(wasm_i32x4_shuffle(wx, yz, 0, 1, 4, 5), wasm_i32x4_shuffle(wx, yz, 2, 3, 6, 7));
    store(out + t, wasm_f32x4_mul(sum, splat(scale)));
  }
  for (; t < count; t++, b += stride) out[t] = scale * dot(a, b, size);
}

INLINE void add_scaled(float *y, float scale, const float *x, int size) {
  f4 s = splat(scale);
  for (int j = 0; j < size; j += 4) store(y + j, madd(s, load(x + j), load(y + j)));
}

// In place: scores → exp(score − max), zeros beyond count up to a multiple of 4; returns the sum.
INLINE float exponentiate(float *scores, int count, float *max_out) {
  float max = -3.4e38f;
  for (int j = 0; j < count; j++) max = scores[j] > max ? scores[j] : max;
  for (int j = count; j & 3; j++) scores[j] = -3.4e38f;
  f4 total = splat(0.0f), shift = splat(max);
  for (int j = 0; j < count; j += 4) {
    f4 e = exp4(wasm_f32x4_sub(load(scores + j), shift));
    store(scores + j, e);
    total = wasm_f32x4_add(total, e);
  }
  *max_out = max;
  return sum4(total);
}

// Token i attends to [spans[3i], spans[3i+1]) and to [spans[3i+2], i]: a shared prefix and its own past.
// qkv rows hold heads·d queries, then kv_heads·d keys, then kv_heads·d values.
// Writes out [tokens, heads·d] and the log-sum-exp of the scaled scores [tokens, heads] for the backward pass.
EXPORT void attention(const float *qkv, const int32_t *spans, float *out, float *lse, float *scores, int tokens,
                      int heads, int kv_heads, int size, float scale) {
  int width = (heads + 2 * kv_heads) * size;
  for (int i = 0; i < tokens; i++) {
    int start = spans[3 * i], end = spans[3 * i + 1], own = spans[3 * i + 2];
    for (int h = 0; h < heads; h++) {
      const float *q = qkv + (long)i * width + h * size;
      const float *keys = qkv + (heads + h / (heads / kv_heads)) * size;
      const float *values = keys + kv_heads * size;
      int shared = end - start, count = shared + i - own + 1;
      dots(q, keys + (long)start * width, width, shared, size, scale, scores);
      dots(q, keys + (long)own * width, width, i - own + 1, size, scale, scores + shared);
      float max, sum = exponentiate(scores, count, &max);
      float *o = out + ((long)i * heads + h) * size;
      for (int j = 0; j < size; j += 4) store(o + j, splat(0.0f));
      float inverse = 1.0f / sum;
      for (int t = 0; t < shared; t++) add_scaled(o, scores[t] * inverse, values + (long)(start + t) * width, size);
      for (int t = shared; t < count; t++)
        add_scaled(o, scores[t] * inverse, values + (long)(own + t - shared) * width, size);
      lse[(long)i * heads + h] = max + log1(sum);
    }
  }
}

// The gradient of one query against one run of keys and values. p and ds are working space of count + 4 floats.
INLINE void attend_back(const float *q, const float *k, const float *v, const float *dout, float *dq, float *dk,
                        float *dv, long stride, int count, float lse, float delta, float scale, int size, float *p,
                        float *ds) {
  dots(q, k, stride, count, size, scale, p);
  dots(dout, v, stride, count, size, 1.0f, ds);
  for (int t = 0; t < count; t += 4) {
    f4 probability = exp4(wasm_f32x4_sub(load(p + t), splat(lse)));
    store(p + t, probability);
    f4 slope = wasm_f32x4_mul(wasm_f32x4_sub(load(ds + t), splat(delta)), splat(scale));
    store(ds + t, wasm_f32x4_mul(probability, slope));
  }
  for (int t = 0; t < count; t++) {
    f4 weight = splat(p[t]), slope = splat(ds[t]);
    long at = t * stride;
    for (int j = 0; j < size; j += 4) {
      store(dv + at + j, madd(weight, load(dout + j), load(dv + at + j)));
      store(dk + at + j, madd(slope, load(q + j), load(dk + at + j)));
      store(dq + j, madd(slope, load(k + at + j), load(dq + j)));
    }
  }
}

// Recomputes the probabilities from lse (FlashAttention's backward, Dao et al. 2022): no T × T tensor is kept.
// dqkv must be zero on entry; scores has room for 2 · (tokens + 4) floats.
EXPORT void attention_gradient(const float *qkv, const int32_t *spans, const float *out, const float *lse,
                               const float *dout, float *dqkv, float *scores, int tokens, int heads, int kv_heads,
                               int size, float scale) {
  long width = (heads + 2 * kv_heads) * size;
  float *p = scores, *ds = scores + tokens + 4;
  for (int i = 0; i < tokens; i++) {
    int start = spans[3 * i], end = spans[3 * i + 1], own = spans[3 * i + 2];
    for (int h = 0; h < heads; h++) {
      long query = i * width + h * size, row = (long)i * heads + h;
      const float *d = dout + row * size;
      float delta = dot(d, out + row * size, size);
      long shared = start * width + (heads + h / (heads / kv_heads)) * size, past = shared + (own - start) * width;
      long values = kv_heads * size;
      attend_back(qkv + query, qkv + shared, qkv + shared + values, d, dqkv + query, dqkv + shared,
                  dqkv + shared + values, width, end - start, lse[row], delta, scale, size, p, ds);
      attend_back(qkv + query, qkv + past, qkv + past + values, d, dqkv + query, dqkv + past, dqkv + past + values,
                  width, i - own + 1, lse[row], delta, scale, size, p, ds);
    }
  }
}

// ---- decoding -----------------------------------------------------------------------------------------------
// The cache keeps keys transposed, [slot][kv head][d][capacity], so that four keys are scored per instruction
// without a horizontal sum, and values as [slot][kv head][capacity][d].

// Rows of k and v start row_stride floats apart (they are parts of a qkv row).
// places[i] = {slot, position}.
EXPORT void cache_write(const float *k, const float *v, int row_stride, float *keys, float *values,
                        const int32_t *places, int rows, int kv_heads, int size, int capacity) {
  for (int i = 0; i < rows; i++, k += row_stride, v += row_stride, places += 2)
    for (int h = 0; h < kv_heads; h++) {
      long head = (long)places[0] * kv_heads + h;
      float *kt = keys + head * size * capacity + places[1];
      float *vt = values + (head * capacity + places[1]) * size;
      for (int j = 0; j < size; j++) kt[(long)j * capacity] = k[h * size + j];
      for (int j = 0; j < size; j += 4) store(vt + j, load(v + h * size + j));
    }
}

INLINE void score_keys(const float *q, const float *kt, int size, int capacity, int count, float scale, float *scores) {
  for (int t = 0; t < count; t += 8) {
    f4 a = splat(0.0f), b = splat(0.0f);
    for (int j = 0; j < size; j++) {
      f4 x = wasm_v128_load32_splat(q + j);
      a = madd(x, load(kt + (long)j * capacity + t), a);
      b = madd(x, load(kt + (long)j * capacity + t + 4), b);
    }
    store(scores + t, wasm_f32x4_mul(a, splat(scale)));
    store(scores + t + 4, wasm_f32x4_mul(b, splat(scale)));
  }
}

INLINE void add_values(const float *p, const float *values, int size, int count, float *o) {
  for (int j = 0; j < size; j += 16) {
    f4 a = load(o + j), b = load(o + j + 4), c = load(o + j + 8), d = load(o + j + 12);
    for (int t = 0; t < count; t++) {
      f4 x = wasm_v128_load32_splat(p + t);
      const float *v = values + (long)t * size + j;
      a = madd(x, load(v), a);
      b = madd(x, load(v + 4), b);
      c = madd(x, load(v + 8), c);
      d = madd(x, load(v + 12), d);
    }
    store(o + j, a), store(o + j + 4, b), store(o + j + 8, c), store(o + j + 12, d);
  }
}

// Scores positions [begin, end) of a cache slot into scores[0 ..], from the multiple of 8 at or below begin: returns how
// many that are, the ones before begin hidden.
INLINE int score_range(const float *q, const float *kt, int size, int capacity, int begin, int end, float scale,
                       float *scores) {
  int from = begin & ~7;
  if (end <= begin) return 0;
  score_keys(q, kt + from, size, capacity, end - from, scale, scores);
  for (int t = 0; t < begin - from; t++) scores[t] = -3.4e38f;
  return end - from;
}

// reads[i] = {prefix, begin, end, slot, begin, end}: row i attends to positions [begin, end) of a prefix slot (shared by
// the samples of one item) and of its own slot; at least to one. Capacities are multiples of 8, size of 16.
// scores: room for prefix_capacity + capacity + 16 floats.
EXPORT void cached_attention(const float *q, int row_stride, const float *prefix_keys, const float *prefix_values,
                             int prefix_capacity, const float *keys, const float *values, int capacity,
                             const int32_t *reads, float *out, float *scores, int rows, int heads, int kv_heads,
                             int size, float scale) {
  for (int i = 0; i < rows; i++, q += row_stride, reads += 6)
    for (int h = 0; h < heads; h++, out += size) {
      const float *query = q + h * size;
      int kv = h / (heads / kv_heads);
      long prefix = ((long)reads[0] * kv_heads + kv) * size * prefix_capacity;
      long slot = ((long)reads[3] * kv_heads + kv) * size * capacity;
      int shared = score_range(query, prefix_keys + prefix, size, prefix_capacity, reads[1], reads[2], scale, scores);
      int own = score_range(query, keys + slot, size, capacity, reads[4], reads[5], scale, scores + shared);
      float max, sum = exponentiate(scores, shared + own, &max);
      for (int j = 0; j < size; j += 4) store(out + j, splat(0.0f));
      add_values(scores, prefix_values + prefix + (long)(reads[2] - shared) * size, size, shared, out);
      add_values(scores + shared, values + slot + (long)(reads[5] - own) * size, size, own, out);
      f4 inverse = splat(1.0f / sum);
      for (int j = 0; j < size; j += 4) store(out + j, wasm_f32x4_mul(load(out + j), inverse));
    }
}
