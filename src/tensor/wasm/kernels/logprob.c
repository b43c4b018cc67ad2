// log p(target) from logits, and back; and rows of a table (embedding) with their gradient.
#include "simd.h"

INLINE float log_sum_exp(const float *x, int width) {
  f4 top = load(x);
  for (int j = 4; j < width; j += 4) top = wasm_f32x4_max(top, load(x + j));
  float max = max4(top);
  f4 sum = splat(0.0f), shift = splat(max);
  for (int j = 0; j < width; j += 4) sum = wasm_f32x4_add(sum, exp4(wasm_f32x4_sub(load(x + j), shift)));
  return max + log1(sum4(sum));
}

EXPORT void target_logprob(const float *logits, const int32_t *targets, float *out, int rows, int width) {
  for (int i = 0; i < rows; i++, logits += width) out[i] = logits[targets[i]] - log_sum_exp(logits, width);
}

// In place: logits → d logits = dy · (onehot(target) − softmax).
EXPORT void target_logprob_gradient(float *logits, const int32_t *targets, const float *dy, int rows, int width) {
  for (int i = 0; i < rows; i++, logits += width) {
    f4 shift = splat(log_sum_exp(logits, width)), scale = splat(-dy[i]);
    for (int j = 0; j < width; j += 4)
      store(logits + j, wasm_f32x4_mul(scale, exp4(wasm_f32x4_sub(load(logits + j), shift))));
    logits[targets[i]] += dy[i];
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
