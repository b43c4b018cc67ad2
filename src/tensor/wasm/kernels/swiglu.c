// SwiGLU (Shazeer 2020): y = silu(g) ∘ u, silu(g) = g·σ(g). Element by element; count is a multiple of 4.
#include "simd.h"

INLINE f4 sigmoid4(f4 x) {
  return wasm_f32x4_div(splat(1.0f), wasm_f32x4_add(splat(1.0f), exp4(wasm_f32x4_neg(x))));
}

EXPORT void swiglu(const float *gate, const float *up, float *y, int count) {
  for (int i = 0; i < count; i += 4) {
    f4 g = load(gate + i);
    store(y + i, wasm_f32x4_mul(wasm_f32x4_mul(g, sigmoid4(g)), load(up + i)));
  }
}

// d gate = dy∘u·σ(g)·(1 + g·(1 − σ(g)))
EXPORT void swiglu_gate_gradient(const float *gate, const float *up, const float *dy, float *dgate, int count) {
  const f4 one = splat(1.0f);
  for (int i = 0; i < count; i += 4) {
    f4 g = load(gate + i), s = sigmoid4(g);
    f4 slope = wasm_f32x4_mul(s, madd(g, wasm_f32x4_sub(one, s), one));
    store(dgate + i, wasm_f32x4_mul(wasm_f32x4_mul(load(dy + i), load(up + i)), slope));
  }
}

// d up = dy∘silu(g)
EXPORT void swiglu_up_gradient(const float *gate, const float *dy, float *dup, int count) {
  for (int i = 0; i < count; i += 4) {
    f4 g = load(gate + i);
    store(dup + i, wasm_f32x4_mul(load(dy + i), wasm_f32x4_mul(g, sigmoid4(g))));
  }
}
