// Three matrices side by side, [n, a] [n, b] [n, c] -> [n, a + b + c], and one of them cut out again.
#include "simd.h"

INLINE void copy(const float *from, float *to, int width) {
  for (int j = 0; j < width; j += 4) store(to + j, load(from + j));
}

EXPORT void join_columns(const float *a, const float *b, const float *c, float *out, int rows, int a_width,
                         int b_width, int c_width) {
  for (int i = 0; i < rows; i++, a += a_width, b += b_width, c += c_width) {
    copy(a, out, a_width), out += a_width;
    copy(b, out, b_width), out += b_width;
    copy(c, out, c_width), out += c_width;
  }
}

EXPORT void cut_columns(const float *x, float *out, int rows, int width, int offset, int out_width) {
  for (int i = 0; i < rows; i++, x += width, out += out_width) copy(x + offset, out, out_width);
}
