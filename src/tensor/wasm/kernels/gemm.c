// C[m,n] (+)= scale · A[m,k] · B[k,n], float32, any strides on A and B; rows of C are `ldc` apart.
//
// B is packed into panels of 8 columns; a 4 × 8 tile of C stays in 8 registers while k runs. Measured in Chromium 156 on
// one Sapphire Rapids core, GFLOP/s: 4 × 8: 48, 5 × 8: 30, 6 × 8: 35 (V8 spills), stock tfjs matMul 38-41.
// Every element of C is summed over k in the same order whatever m is, so a row's result does not depend, to the
// last bit, on the batch it stands in.
#include "simd.h"

#define TILE_ROWS 4
#define TILE_COLUMNS 8
#define K_BLOCK 512   // a packed panel of 512 × 8 floats is 16 KB: half of a first-level cache
#define M_BLOCK 48    // rows of A that stay in the first two cache levels while all panels pass

// Copies B into panels: packed[panel][p][8], zero beyond n. `packed` holds k · ceil(n / 8) · 8 floats.
EXPORT void pack(const float *b, int row_stride, int column_stride, float *packed, int k, int n) {
  for (int j = 0; j < n; j += TILE_COLUMNS) {
    int width = n - j < TILE_COLUMNS ? n - j : TILE_COLUMNS;
    const float *source = b + (long)j * column_stride;
    if (width == TILE_COLUMNS && column_stride == 1) {
      for (int p = 0; p < k; p++, packed += TILE_COLUMNS) {
        store(packed, load(source + (long)p * row_stride));
        store(packed + 4, load(source + (long)p * row_stride + 4));
      }
    } else if (width == TILE_COLUMNS) {
      for (int p = 0; p < k; p++, packed += TILE_COLUMNS)
        for (int c = 0; c < TILE_COLUMNS; c++) packed[c] = source[(long)p * row_stride + (long)c * column_stride];
    } else {
      for (int p = 0; p < k; p++, packed += TILE_COLUMNS)
        for (int c = 0; c < TILE_COLUMNS; c++)
          packed[c] = c < width ? source[(long)p * row_stride + (long)c * column_stride] : 0.0f;
    }
  }
}

// One tile: `rows` is a compile-time constant in every call, so all loops unroll.
INLINE void tile(int rows, const float *a, long row_stride, long column_stride, const float *panel, float *c, long ldc,
                 int k, int width, int accumulate, float scale) {
  f4 left[TILE_ROWS], right[TILE_ROWS];
  for (int i = 0; i < rows; i++) left[i] = right[i] = splat(0.0f);
  for (int p = 0; p < k; p++) {
    f4 b0 = load(panel), b1 = load(panel + 4);
    panel += TILE_COLUMNS;
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      f4 x = wasm_v128_load32_splat(a + i * row_stride);
      left[i] = madd(x, b0, left[i]);
      right[i] = madd(x, b1, right[i]);
    }
    a += column_stride;
  }
  for (int i = 0; i < rows; i++, c += ldc) {
    left[i] = wasm_f32x4_mul(left[i], splat(scale));
    right[i] = wasm_f32x4_mul(right[i], splat(scale));
    if (width == TILE_COLUMNS) {
      store(c, accumulate ? wasm_f32x4_add(load(c), left[i]) : left[i]);
      store(c + 4, accumulate ? wasm_f32x4_add(load(c + 4), right[i]) : right[i]);
    } else {
      float out[TILE_COLUMNS];
      store(out, left[i]);
      store(out + 4, right[i]);
      for (int j = 0; j < width; j++) c[j] = accumulate ? c[j] + out[j] : out[j];
    }
  }
}

INLINE void rows_of_tiles(const float *a, long rs, long cs, long tile_stride, const float *panel, float *c, long ldc,
                          int m, int k, int width, int accumulate, float scale) {
  int i = 0;
  for (; i + TILE_ROWS <= m; i += TILE_ROWS, a += tile_stride)
    tile(TILE_ROWS, a, rs, cs, panel, c + i * ldc, ldc, k, width, accumulate, scale);
  switch (m - i) {
    case 3: tile(3, a, rs, cs, panel, c + i * ldc, ldc, k, width, accumulate, scale); break;
    case 2: tile(2, a, rs, cs, panel, c + i * ldc, ldc, k, width, accumulate, scale); break;
    case 1: tile(1, a, rs, cs, panel, c + i * ldc, ldc, k, width, accumulate, scale); break;
  }
}

// A transposed A (row_stride 1) jumps a whole row per step of k; its block is copied once into [tile][k][4].
INLINE void pack_columns(const float *a, long column_stride, float *packed, int m, int k) {
  for (int i = 0; i < m; i += TILE_ROWS)
    for (int p = 0; p < k; p++, packed += TILE_ROWS)
      for (int r = 0; r < TILE_ROWS; r++) packed[r] = i + r < m ? a[p * column_stride + i + r] : 0.0f;
}

// A is read along rows (column_stride 1) or down columns (row_stride 1).
EXPORT void gemm(const float *a, int row_stride, int column_stride, const float *packed, float *c, int ldc, int m, int n,
                 int k, int accumulate, float scale) {
  float block[M_BLOCK * K_BLOCK];
  for (int p = 0; p < k; p += K_BLOCK) {
    int depth = k - p < K_BLOCK ? k - p : K_BLOCK;
    int add = accumulate || p > 0;
    for (int i = 0; i < m; i += M_BLOCK) {
      int height = m - i < M_BLOCK ? m - i : M_BLOCK;
      if (column_stride != 1) pack_columns(a + i + (long)p * column_stride, column_stride, block, height, depth);
      for (int j = 0; j < n; j += TILE_COLUMNS) {
        int width = n - j < TILE_COLUMNS ? n - j : TILE_COLUMNS;
        const float *panel = packed + (long)j * k + (long)p * TILE_COLUMNS;
        float *out = c + (long)i * ldc + j;
        if (column_stride == 1)
          rows_of_tiles(a + (long)i * row_stride + p, row_stride, 1, (long)TILE_ROWS * row_stride, panel, out, ldc,
                        height, depth, width, add, scale);
        else
          rows_of_tiles(block, 1, TILE_ROWS, (long)TILE_ROWS * depth, panel, out, ldc, height, depth, width, add, scale);
      }
    }
  }
}
