// RMSNorm (Zhang & Sennrich 2019): y = x / sqrt(mean(x²) + ε) · w, row by row. A row may be one of `heads` that follow each
// other: then only those from `begin` to before `end` are normalised, and the others stay as they are.
#include "simd.h"

INLINE float inverse_rms(const float *x, int width, float epsilon) {
  f4 sum = splat(0.0f);
  EACH_FOUR(width, f4 four = load_upto(n, x + j); sum = madd(four, four, sum);)
  return 1.0f / __builtin_sqrtf(sum4(sum) / width + epsilon);
}

INLINE int is_meant(int row, int heads, int begin, int end) {
  int head = row % heads;
  return head >= begin && head < end;
}

EXPORT void rms_norm(const float *x, const float *w, float *y, int rows, int width, int heads, int begin, int end,
                     float epsilon) {
  for (int i = 0; i < rows; i++, x += width, y += width) {
    if (!is_meant(i, heads, begin, end)) {
      __builtin_memcpy(y, x, width * sizeof(float));
      continue;
    }
    f4 r = splat(inverse_rms(x, width, epsilon));
    EACH_FOUR(width, store_upto(n, y + j, wasm_f32x4_mul(wasm_f32x4_mul(load_upto(n, x + j), r), load_upto(n, w + j)));)
  }
}

// dx = r·(w∘dy) − x · r³/width · Σ(w∘dy∘x)
EXPORT void rms_norm_input_gradient(const float *x, const float *w, const float *dy, float *dx, int rows, int width,
                                    int heads, int begin, int end, float epsilon) {
  for (int i = 0; i < rows; i++, x += width, dy += width, dx += width) {
    if (!is_meant(i, heads, begin, end)) {
      __builtin_memcpy(dx, dy, width * sizeof(float));
      continue;
    }
    float r = inverse_rms(x, width, epsilon);
    f4 dot = splat(0.0f);
    EACH_FOUR(width,
              dot = madd(wasm_f32x4_mul(load_upto(n, w + j), load_upto(n, dy + j)), load_upto(n, x + j), dot);)
    f4 scale = splat(r), pull = splat(-sum4(dot) * r * r * r / width);
    EACH_FOUR(width,
              f4 direct = wasm_f32x4_mul(wasm_f32x4_mul(load_upto(n, w + j), load_upto(n, dy + j)), scale);
              store_upto(n, dx + j, madd(load_upto(n, x + j), pull, direct));)
  }
}

// dw = Σ_rows dy∘x·r
EXPORT void rms_norm_weight_gradient(const float *x, const float *dy, float *dw, int rows, int width, int heads,
                                     int begin, int end, float epsilon) {
  EACH_FOUR(width, store_upto(n, dw + j, splat(0.0f));)
  for (int i = 0; i < rows; i++, x += width, dy += width) {
    if (!is_meant(i, heads, begin, end)) continue;
    f4 r = splat(inverse_rms(x, width, epsilon));
    EACH_FOUR(width,
              f4 scaled = wasm_f32x4_mul(load_upto(n, x + j), r);
              store_upto(n, dw + j, madd(scaled, load_upto(n, dy + j), load_upto(n, dw + j)));)
  }
}
