/** Our fused kernels; or stock TensorFlow.js alone, which the benchmark compares them with: every op's composed.ts. */
export type KernelSet = 'fused' | 'stock';
