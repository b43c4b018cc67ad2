// Draws tokens from logits, as src/model/sample-token.ts describes; noise as in src/model/philox.ts.
#include "simd.h"

INLINE uint32_t high(uint64_t product) { return (uint32_t)(product >> 32); }

// Philox 4×32-10 (Salmon et al. 2011); its first word.
INLINE uint32_t philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1) {
  for (int round = 0; round < 10; round++) {
    uint64_t a = 0xd2511f53ull * c0, b = 0xcd9e8d57ull * c2;
    c0 = high(b) ^ c1 ^ k0;
    c1 = (uint32_t)b;
    c2 = high(a) ^ c3 ^ k1;
    c3 = (uint32_t)a;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  return c0;
}

INLINE float largest(const float *x, int n) {
  float most = x[0];
  int j = 0;
  if (n >= 4) {
    f4 top = load(x);
    for (j = 4; j + 4 <= n; j += 4) top = wasm_f32x4_max(top, load(x + j));
    most = max4(top);
  }
  for (; j < n; j++) most = x[j] > most ? x[j] : most;
  return most;
}

// Sums are double: a vocabulary has up to 262,144 entries.
INLINE v128_t add_up(v128_t sum, f4 x) {
  f4 upper = wasm_i32x4_shuffle(x, x, 2, 3, 2, 3);
  return wasm_f64x2_add(sum, wasm_f64x2_add(wasm_f64x2_promote_low_f32x4(x), wasm_f64x2_promote_low_f32x4(upper)));
}

INLINE double both(v128_t sum) { return wasm_f64x2_extract_lane(sum, 0) + wasm_f64x2_extract_lane(sum, 1); }

// weights[j] = exp((x[j] − highest) · sharpness). Returns their sum.
INLINE double weigh(const float *x, float *weights, int n, float highest, float sharpness) {
  f4 shift = splat(highest), scale = splat(sharpness);
  v128_t sum = wasm_f64x2_splat(0);
  int j = 0;
  for (; j + 4 <= n; j += 4) {
    f4 e = exp4(wasm_f32x4_mul(wasm_f32x4_sub(load(x + j), shift), scale));
    store(weights + j, e);
    sum = add_up(sum, e);
  }
  double total = both(sum);
  for (; j < n; j++) total += weights[j] = exp1((x[j] - highest) * sharpness);
  return total;
}

// Σ of the weights that are not below `floor`.
INLINE double mass_above(const float *weights, int n, float floor) {
  f4 lowest = splat(floor);
  v128_t sum = wasm_f64x2_splat(0);
  int j = 0;
  for (; j + 4 <= n; j += 4) {
    f4 w = load(weights + j);
    sum = add_up(sum, wasm_v128_and(w, wasm_f32x4_ge(w, lowest)));
  }
  double total = both(sum);
  for (; j < n; j++) total += weights[j] >= floor ? weights[j] : 0.0f;
  return total;
}

INLINE int32_t bits_of(float x) { return wasm_i32x4_extract_lane(splat(x), 0); }
INLINE float float_of(int32_t bits) { return wasm_f32x4_extract_lane(wasm_i32x4_splat(bits), 0); }

INLINE double count_above(const float *weights, int n, float floor) {
  int count = 0;
  for (int j = 0; j < n; j++) count += weights[j] >= floor;
  return count;
}

// The largest floor with at least `target` not below it, of mass or of tokens. Positive floats are in the order of their
// bits, so 30 looks at the row find it to the last bit; sorting 262,144 numbers takes longer.
INLINE float largest_floor(const float *weights, int n, float lowest, double target,
                           double (*above)(const float *, int, float)) {
  int32_t low = bits_of(lowest), highest = 0x3f800000;  // 1, the weight of the largest logit
  while (low < highest) {
    int32_t middle = low + (highest - low + 1) / 2;
    if (above(weights, n, float_of(middle)) >= target) low = middle;
    else highest = middle - 1;
  }
  return float_of(low);
}

#define BLOCK 64

// The first id whose cumulative weight goes beyond `drawn`.
INLINE int invert(const float *weights, int n, float floor, double drawn) {
  double before = 0;
  for (int start = 0; start < n; start += BLOCK) {
    int width = n - start < BLOCK ? n - start : BLOCK;
    double mass = mass_above(weights + start, width, floor);
    if (before + mass <= drawn) {
      before += mass;
      continue;
    }
    for (int j = start; j < start + width; j++) {
      if (weights[j] >= floor) before += weights[j];
      if (before > drawn) return j;
    }
  }
  return n - 1;  // never: `drawn` lies 2⁻³² of the whole below it, and doubles are finer than that
}

INLINE int first_of(const float *x, int n, float value) {
  int j = 0;
  while (j < n - 1 && x[j] != value) j++;
  return j;
}

// places: row of the logits, slot in `newest`, key, sample, position. out: id and log-probability of each place.
// `weights` has room for a row.
EXPORT void sample_tokens(const float *logits, const int32_t *places, int32_t *newest, float *out, float *weights,
                          int count, int vocabulary, float temperature, float top_p, int top_k,
                          uint32_t seed_low, uint32_t seed_high, uint32_t round) {
  for (int i = 0; i < count; i++, places += 5, out += 2) {
    const float *x = logits + (long)places[0] * vocabulary;
    float highest = largest(x, vocabulary);
    double plain = weigh(x, weights, vocabulary, highest, 1.0f);
    int id;
    if (temperature == 0) {
      id = first_of(x, vocabulary, highest);
    } else {
      double total = temperature == 1 ? plain : weigh(x, weights, vocabulary, highest, 1.0f / temperature);
      float floor = 0;
      if (top_k > 0 && top_k < vocabulary) {
        floor = largest_floor(weights, vocabulary, floor, top_k, count_above);
        total = mass_above(weights, vocabulary, floor);
      }
      if (top_p < 1) {
        floor = largest_floor(weights, vocabulary, floor, top_p * total, mass_above);
        total = mass_above(weights, vocabulary, floor);
      }
      uint32_t bits = philox(places[4], places[3], places[2], round, seed_low, seed_high);
      id = invert(weights, vocabulary, floor, bits / 4294967296.0 * total);
    }
    newest[places[1]] = id;
    out[0] = id;
    out[1] = x[id] - highest - log1((float)plain);
  }
}
