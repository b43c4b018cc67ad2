// Rotary position embedding (Su et al. 2021) in the half-split layout of Llama: element j of a head turns with
// element j + d/2 by the angle position · θ^(−2j/d). The table holds cos and sin for each position: [position][d/2][2].
// sign = −1 turns back, which is the gradient. Of a row's heads the first `turned` turn, and the others are copied.
#include "simd.h"

EXPORT void rotary(const float *x, const int32_t *positions, const float *table, float *y, int rows, int heads,
                   int turned, int head_size, float sign) {
  int half = head_size / 2;
  for (int i = 0; i < rows; i++) {
    const float *turn = table + (long)positions[i] * head_size;
    for (int h = 0; h < turned; h++, x += head_size, y += head_size)
      for (int j = 0; j < half; j++) {
        float cos = turn[2 * j], sin = sign * turn[2 * j + 1];
        float a = x[j], b = x[j + half];
        y[j] = a * cos - b * sin;
        y[j + half] = b * cos + a * sin;
      }
    int rest = (heads - turned) * head_size;
    __builtin_memcpy(y, x, rest * sizeof(float));
    x += rest, y += rest;
  }
}
