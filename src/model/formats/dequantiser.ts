/** Fills `out` from whole blocks; `half(at)` is the half-precision number at byte `at`. */
export type Dequantise = (bytes: Uint8Array, out: Float32Array, half: (at: number) => number) => void;
