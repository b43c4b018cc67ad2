// What every kernel shares: four-lane arithmetic and an exponential. No libc, no static data, so the module
// can live in TensorFlow.js's own heap without a data segment of its own (see ../heap.ts).
#pragma once
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))

typedef v128_t f4;

// Relaxed SIMD's fused multiply-add: one instruction for two roundings' work; measured 1.6 times faster GEMM.
INLINE f4 madd(f4 a, f4 b, f4 c) {
#ifdef __wasm_relaxed_simd__
  return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
  return wasm_f32x4_add(wasm_f32x4_mul(a, b), c);
#endif
}

INLINE f4 splat(float x) { return wasm_f32x4_splat(x); }
INLINE f4 load(const float *p) { return wasm_v128_load(p); }
INLINE void store(float *p, f4 x) { wasm_v128_store(p, x); }

// The first n of four floats; lanes beyond them read as zero, and are not written.
INLINE f4 load_upto(int n, const float *p) {
  if (n == 4) return load(p);
  f4 x = wasm_v128_load32_zero(p);
  if (n > 1) x = wasm_v128_load32_lane(p + 1, x, 1);
  if (n > 2) x = wasm_v128_load32_lane(p + 2, x, 2);
  return x;
}

INLINE void store_upto(int n, float *p, f4 x) {
  if (n == 4) {
    store(p, x);
    return;
  }
  wasm_v128_store32_lane(p, x, 0);
  if (n > 1) wasm_v128_store32_lane(p + 1, x, 1);
  if (n > 2) wasm_v128_store32_lane(p + 2, x, 2);
}

// Runs the statements with n = 4 for each four floats from j, then for the n that are left: read whole, the last vector
// would hold the next row's numbers, and written whole it would go on into what the heap holds behind the tensor. Twice,
// because a branch at every load made the norms up to 1.7 times slower, and this at most 1.3 times.
#define EACH_FOUR(width, ...)                                                                                     \
  {                                                                                                              \
    int j = 0;                                                                                                   \
    for (const int n = 4; j + n <= (width); j += n) { __VA_ARGS__ }                                              \
    const int n = (width) - j;                                                                                   \
    if (n > 0) { __VA_ARGS__ }                                                                                   \
  }

INLINE float sum4(f4 x) {
  f4 y = wasm_f32x4_add(x, wasm_i32x4_shuffle(x, x, 2, 3, 0, 1));
  return wasm_f32x4_extract_lane(y, 0) + wasm_f32x4_extract_lane(y, 1);
}

INLINE float max4(f4 x) {
  f4 y = wasm_f32x4_max(x, wasm_i32x4_shuffle(x, x, 2, 3, 0, 1));
  float a = wasm_f32x4_extract_lane(y, 0), b = wasm_f32x4_extract_lane(y, 1);
  return a > b ? a : b;
}

// exp(x) = 2^n · exp(r), n = round(x / ln 2), |r| <= ln 2 / 2; degree-6 Taylor-like polynomial (coefficients of
// Cephes' expf, S. Moshier), relative error below 2e-7 on [-87, 88]; below -87 the result is 0.
INLINE f4 exp4(f4 x) {
  const f4 low = splat(-87.0f);
  f4 alive = wasm_f32x4_gt(x, low);
  x = wasm_f32x4_min(wasm_f32x4_max(x, low), splat(88.0f));
  f4 n = wasm_f32x4_nearest(wasm_f32x4_mul(x, splat(1.44269504088896341f)));
  f4 r = wasm_f32x4_sub(x, wasm_f32x4_mul(n, splat(0.693359375f)));
  r = wasm_f32x4_sub(r, wasm_f32x4_mul(n, splat(-2.12194440e-4f)));
  f4 p = splat(1.9875691500e-4f);
  p = madd(p, r, splat(1.3981999507e-3f));
  p = madd(p, r, splat(8.3334519073e-3f));
  p = madd(p, r, splat(4.1665795894e-2f));
  p = madd(p, r, splat(1.6666665459e-1f));
  p = madd(p, r, splat(5.0000001201e-1f));
  p = madd(p, wasm_f32x4_mul(r, r), wasm_f32x4_add(r, splat(1.0f)));
  f4 scale = wasm_i32x4_shl(wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(n), wasm_i32x4_splat(127)), 23);
  return wasm_v128_and(wasm_f32x4_mul(p, scale), alive);
}

INLINE float exp1(float x) { return wasm_f32x4_extract_lane(exp4(splat(x)), 0); }

// ln(x) for x > 0: x = 2^n · m with m in [√½, √2), polynomial in m − 1 (coefficients of Cephes' logf), error below 1e-7.
INLINE float log1(float x) {
  uint32_t bits = (uint32_t)wasm_i32x4_extract_lane(splat(x), 0);
  int32_t n = (int32_t)(bits >> 23) - 126;
  float m = wasm_f32x4_extract_lane(wasm_i32x4_splat((int32_t)((bits & 0x007fffff) | 0x3f000000)), 0);
  if (m < 0.707106781186547524f) {
    n -= 1;
    m += m;
  }
  m -= 1.0f;
  float z = m * m, p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float y = p * m * z - 2.12194440e-4f * n - 0.5f * z;
  return m + y + 0.693359375f * n;
}
