// Gated linear units (Shazeer 2020): y = act(g) ∘ u, with act(g) = g·σ(2v), element by element. A row of x is g and u
// beside each other, `width` elements each. SwiGLU: 2v = g. GEGLU with the tanh approximation:
// v = √(2/π)·(g + 0.044715 g³), since (1 + tanh v)/2 = σ(2v).
#include "simd.h"

INLINE f4 sigmoid4(f4 x) {
  return wasm_f32x4_div(splat(1.0f), wasm_f32x4_add(splat(1.0f), exp4(wasm_f32x4_neg(x))));
}

#define SQRT_8_OVER_PI 1.5957691216057308f

INLINE f4 silu_gate(f4 g) { return sigmoid4(g); }

INLINE f4 gelu_gate(f4 g) {
  f4 cubic = madd(wasm_f32x4_mul(g, g), splat(0.044715f), splat(1.0f));
  return sigmoid4(wasm_f32x4_mul(wasm_f32x4_mul(g, splat(SQRT_8_OVER_PI)), cubic));
}

// act'(g) = s + g·s·(1 − s)·(2v)', s = σ(2v)
INLINE f4 slope(f4 g, f4 s, f4 inner) {
  return wasm_f32x4_mul(s, madd(wasm_f32x4_mul(g, inner), wasm_f32x4_sub(splat(1.0f), s), splat(1.0f)));
}

INLINE f4 silu_slope(f4 g, f4 s) { return slope(g, s, splat(1.0f)); }

INLINE f4 gelu_slope(f4 g, f4 s) {
  f4 inner = madd(wasm_f32x4_mul(g, g), splat(3.0f * 0.044715f), splat(1.0f));
  return slope(g, s, wasm_f32x4_mul(inner, splat(SQRT_8_OVER_PI)));
}

#define GATED_UNIT(name, gate_of, slope_of)                                                                     \
  EXPORT void name(const float *x, float *y, int rows, int width) {                                             \
    for (int i = 0; i < rows; i++, x += 2 * width, y += width)                                                  \
      EACH_FOUR(width,                                                                                          \
                f4 g = load_upto(n, x + j), u = load_upto(n, x + width + j);                                    \
                store_upto(n, y + j, wasm_f32x4_mul(wasm_f32x4_mul(g, gate_of(g)), u));)                        \
  }                                                                                                             \
  EXPORT void name##_gradient(const float *x, const float *dy, float *dx, int rows, int width) {                \
    for (int i = 0; i < rows; i++, x += 2 * width, dy += width, dx += 2 * width)                                \
      EACH_FOUR(width,                                                                                          \
                f4 g = load_upto(n, x + j), s = gate_of(g), d = load_upto(n, dy + j);                           \
                f4 du = wasm_f32x4_mul(d, load_upto(n, x + width + j));                                         \
                store_upto(n, dx + j, wasm_f32x4_mul(du, slope_of(g, s)));                                      \
                store_upto(n, dx + width + j, wasm_f32x4_mul(d, wasm_f32x4_mul(g, s)));)                        \
  }

GATED_UNIT(swiglu, silu_gate, silu_slope)
GATED_UNIT(geglu, gelu_gate, gelu_slope)
