// AdamW (Loshchilov & Hutter 2019) in place, and the squared norm for clipping.
#include "simd.h"

// Summed in double: float32 loses the small gradients of a large layer.
EXPORT double sum_of_squares(const float *x, int count) {
  double total = 0;
  for (int i = 0; i < count; i++) total += (double)x[i] * x[i];
  return total;
}

// m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²;  w ← w − lr·λ·w − lr · (m/c₁) / (√(v/c₂) + ε), g = clip · gradient,
// c₁ = 1 − β₁ᵗ, c₂ = 1 − β₂ᵗ (torch.optim.AdamW's order of operations).
EXPORT void adamw(float *w, const float *gradient, float *m, float *v, int count, float clip, float rate, float beta1,
                  float beta2, float epsilon, float decay, float correction1, float correction2) {
  float root = __builtin_sqrtf(correction2), step = rate / correction1, keep = 1.0f - rate * decay;
  for (int i = 0; i < count; i++) {
    float g = gradient[i] * clip;
    m[i] += (1.0f - beta1) * (g - m[i]);
    v[i] = beta2 * v[i] + (1.0f - beta2) * g * g;
    w[i] = w[i] * keep - step * m[i] / (__builtin_sqrtf(v[i]) / root + epsilon);
  }
}
