// RMSNorm (Zhang & Sennrich 2019): y = x / sqrt(mean(x²) + ε) · w, row by row. A row may be one of `heads` that follow each
// other: then only those from `begin` to before `end` are normalised, and the others stay as they are.
#include "simd.h"

INLINE float inverse_rms(const float *x, int width, float epsilon) {
  f4 sum = splat(0.0f);
  for (int j = 0; j < width; j += 4) sum = madd(load(x + j), load(x + j), sum);
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
    for (int j = 0; j < width; j += 4)
      store(y + j, wasm_f32x4_mul(wasm_f32x4_mul(load(x + j), r), load(w + j)));
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
    for (int j = 0; j < width; j += 4)
      dot = madd(wasm_f32x4_mul(load(w + j), load(dy + j)), load(x + j), dot);
    f4 scale = splat(r), pull = splat(-sum4(dot) * r * r * r / width);
    for (int j = 0; j < width; j += 4) {
      f4 direct = wasm_f32x4_mul(wasm_f32x4_mul(load(w + j), load(dy + j)), scale);
      store(dx + j, madd(load(x + j), pull, direct));
    }
  }
}

// dw = Σ_rows dy∘x·r
EXPORT void rms_norm_weight_gradient(const float *x, const float *dy, float *dw, int rows, int width, int heads,
                                     int begin, int end, float epsilon) {
  for (int j = 0; j < width; j += 4) store(dw + j, splat(0.0f));
  for (int i = 0; i < rows; i++, x += width, dy += width) {
    if (!is_meant(i, heads, begin, end)) continue;
    f4 r = splat(inverse_rms(x, width, epsilon));
    for (int j = 0; j < width; j += 4)
      store(dw + j, madd(wasm_f32x4_mul(load(x + j), r), load(dy + j), load(dw + j)));
  }
}
