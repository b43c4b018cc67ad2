// log p(target) from logits, and back; and rows of a table (embedding) with their gradient.
#include "simd.h"

// Σ exp over a vocabulary that comes in chunks (online softmax, Milakov & Gimelshein 2018): max[i] and sum[i] hold
// what row i has seen; max starts below every logit, sum at 0. `picked` gets the target's logit from its chunk.
EXPORT void logprob_chunk(const float *logits, const int32_t *targets, float *max, float *sum, float *picked, int rows,
                          int width, int offset) {
  for (int i = 0; i < rows; i++, logits += width) {
    f4 top = load(logits);
    for (int j = 4; j < width; j += 4) top = wasm_f32x4_max(top, load(logits + j));
    float highest = max4(top);
    if (highest < max[i]) highest = max[i];
    f4 total = splat(0.0f), shift = splat(highest);
    for (int j = 0; j < width; j += 4) total = wasm_f32x4_add(total, exp4(wasm_f32x4_sub(load(logits + j), shift)));
    sum[i] = sum[i] * exp1(max[i] - highest) + sum4(total);
    max[i] = highest;
    int target = targets[i] - offset;
    if (target >= 0 && target < width) picked[i] = logits[target];
  }
}

// In place: max → log Σ exp, picked → log p(target).
EXPORT void logprob_finish(float *max, const float *sum, float *picked, int rows) {
  for (int i = 0; i < rows; i++) {
    max[i] += log1(sum[i]);
    picked[i] -= max[i];
  }
}

// In place: a chunk of logits → d logits = dy · (onehot(target) − softmax).
EXPORT void logprob_gradient_chunk(float *logits, const int32_t *targets, const float *lse, const float *dy, int rows,
                                   int width, int offset) {
  for (int i = 0; i < rows; i++, logits += width) {
    f4 shift = splat(lse[i]), scale = splat(-dy[i]);
    for (int j = 0; j < width; j += 4)
      store(logits + j, wasm_f32x4_mul(scale, exp4(wasm_f32x4_sub(load(logits + j), shift))));
    int target = targets[i] - offset;
    if (target >= 0 && target < width) logits[target] += dy[i];
  }
}

EXPORT void take_rows(const float *table, const int32_t *rows, float *out, int count, int width) {
  for (int i = 0; i < count; i++, out += width)
    for (int j = 0; j < width; j += 4) store(out + j, load(table + (long)rows[i] * width + j));
}

// dtable must be zero on entry; repeated rows add up, in order.
EXPORT void add_rows(const float *dy, const int32_t *rows, float *dtable, int count, int width) {
  for (int i = 0; i < count; i++, dy += width) {
    float *row = dtable + (long)rows[i] * width;
    for (int j = 0; j < width; j += 4) store(row + j, wasm_f32x4_add(load(row + j), load(dy + j)));
  }
}
