// log p(target) from logits, and back; and rows of a table (embedding) with their gradient.
#include "simd.h"

// Σ exp over a vocabulary that comes in chunks (online softmax, Milakov & Gimelshein 2018): max[i] and sum[i] hold
// what row i has seen; max starts below every logit, the sums at 0. `picked` gets the target's logit from its chunk.
// With x' = x − max: spread[i] = Σ x'·exp(x'), of which the entropy is made, and total[i] = Σ x.
EXPORT void logprob_chunk(const float *logits, const int32_t *targets, float *max, float *sum, float *picked,
                          float *spread, float *total, int rows, int width, int offset) {
  for (int i = 0; i < rows; i++, logits += width) {
    f4 top = splat(max[i]);
    int whole = width & ~3;
    for (int j = 0; j < whole; j += 4) top = wasm_f32x4_max(top, load(logits + j));
    float highest = max4(top);
    for (int j = whole; j < width; j++) highest = logits[j] > highest ? logits[j] : highest;
    f4 exps = splat(0.0f), weighted = splat(0.0f), plain = splat(0.0f), shift = splat(highest);
    for (int j = 0; j < whole; j += 4) {
      f4 x = load(logits + j), below = wasm_f32x4_sub(x, shift), e = exp4(below);
      exps = wasm_f32x4_add(exps, e);
      weighted = wasm_f32x4_add(weighted, wasm_f32x4_mul(below, e));
      plain = wasm_f32x4_add(plain, x);
    }
    float rise = max[i] - highest, shrink = exp1(rise);
    spread[i] = (spread[i] + rise * sum[i]) * shrink + sum4(weighted);
    sum[i] = sum[i] * shrink + sum4(exps);
    total[i] += sum4(plain);
    for (int j = whole; j < width; j++) {
      float below = logits[j] - highest, e = exp1(below);
      spread[i] += below * e;
      sum[i] += e;
      total[i] += logits[j];
    }
    max[i] = highest;
    int target = targets[i] - offset;
    if (target >= 0 && target < width) picked[i] = logits[target];
  }
}

// In place: max → log Σ exp, picked → log p(target), spread → entropy = log Σ exp(x') − Σ x'·exp(x') / Σ exp(x'),
// total → mean logit. hit: 1 where no token is likelier than the target.
EXPORT void logprob_finish(float *max, const float *sum, float *picked, float *spread, float *total, float *hit,
                           int rows, int vocabulary) {
  for (int i = 0; i < rows; i++) {
    float log_sum = log1(sum[i]);
    hit[i] = picked[i] >= max[i] ? 1.0f : 0.0f;
    spread[i] = log_sum - spread[i] / sum[i];
    total[i] /= vocabulary;
    // In this order: max + log Σ exp alone would round log Σ exp away where logits are large.
    picked[i] = picked[i] - max[i] - log_sum;
    max[i] += log_sum;
  }
}

// The derivative of log p(target) by the hidden state is W[target] − Σ softmax·W, and the sum can be gathered in the
// same pass over the vocabulary. Before a chunk's share is added to it: the logits become exp(x − max), and what was
// gathered under the maximum before this chunk shrinks to the one now.
EXPORT void logprob_weights(float *logits, const float *max_before, const float *max, float *gathered, int rows, int columns,
                            int width) {
  for (int i = 0; i < rows; i++, logits += columns, gathered += width) {
    f4 shift = splat(max[i]), shrink = splat(exp1(max_before[i] - max[i]));
    EACH_FOUR(columns, store_upto(n, logits + j, exp4(wasm_f32x4_sub(load_upto(n, logits + j), shift)));)
    if (max_before[i] != max[i])
      EACH_FOUR(width, store_upto(n, gathered + j, wasm_f32x4_mul(load_upto(n, gathered + j), shrink));)
  }
}

// In place: Σ exp(x − max)·W → W[target] − that / Σ exp(x − max).
EXPORT void logprob_derivative(float *gathered, const float *head, const int32_t *targets, const float *sum, int rows,
                               int width) {
  for (int i = 0; i < rows; i++, gathered += width) {
    const float *row = head + (long)targets[i] * width;
    f4 share = splat(1.0f / sum[i]);
    EACH_FOUR(width, f4 mean = wasm_f32x4_mul(load_upto(n, gathered + j), share);
              store_upto(n, gathered + j, wasm_f32x4_sub(load_upto(n, row + j), mean));)
  }
}

// In place: a chunk of logits → d logits = dy · (onehot(target) − softmax).
EXPORT void logprob_gradient_chunk(float *logits, const int32_t *targets, const float *lse, const float *dy, int rows,
                                   int width, int offset) {
  for (int i = 0; i < rows; i++, logits += width) {
    f4 shift = splat(lse[i]), scale = splat(-dy[i]);
    EACH_FOUR(width,
              f4 p = exp4(wasm_f32x4_sub(load_upto(n, logits + j), shift));
              store_upto(n, logits + j, wasm_f32x4_mul(scale, p));)
    int target = targets[i] - offset;
    if (target >= 0 && target < width) logits[target] += dy[i];
  }
}

EXPORT void take_rows(const float *table, const int32_t *rows, float *out, int count, int width) {
  for (int i = 0; i < count; i++, out += width)
    EACH_FOUR(width, store_upto(n, out + j, load_upto(n, table + (long)rows[i] * width + j));)
}

// dtable must be zero on entry; repeated rows add up, in order.
EXPORT void add_rows(const float *dy, const int32_t *rows, float *dtable, int count, int width) {
  for (int i = 0; i < count; i++, dy += width) {
    float *row = dtable + (long)rows[i] * width;
    EACH_FOUR(width, store_upto(n, row + j, wasm_f32x4_add(load_upto(n, row + j), load_upto(n, dy + j)));)
  }
}
