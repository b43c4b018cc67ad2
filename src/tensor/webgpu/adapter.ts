/**
 * What kernels choose by adapter. One table; the reason stands beside each entry.
 */
export interface AdapterTable {
  /**
   * Matrix products. `lanes`: the four threads of a subgroup compute 16 × 16 outputs together; each loads its share of the
   * rows once and hands it round by subgroupBroadcast. `tiles`: a workgroup stages both sides in workgroup memory.
   */
  product: 'lanes' | 'tiles';
  /** Threads that share one row in norms, softmax and sampling. */
  rowThreads: number;
  /** Threads of a workgroup where they do not work together. */
  workgroup: number;
  /** Steps of decoding that are under way before the oldest one's tokens are read back. */
  ahead: number;
}

/**
 * SwiftShader compiles a subgroup of four threads into SSE code. Measured on two cores (512 × 432 × 160, quiet machine and
 * loaded alike): a read from memory is a gather that costs as much as ten multiply-adds, so what counts is multiply-adds for
 * each read: 4 × 4 outputs a thread 1.1 GFLOP/s, 8 × 8 2.1, 16 × 4 with rows handed round 3.7. A barrier suspends a coroutine
 * for every subgroup, so nothing waits for another subgroup.
 */
const SOFTWARE: AdapterTable = {
  product: 'lanes',
  // One subgroup: sums without a barrier.
  rowThreads: 4,
  // Sixteen batches of workgroups are spread over the cores; 64 outputs a thread leave few threads.
  workgroup: 16,
  // A step takes tens of milliseconds, reading back one: more steps ahead would only be thrown away at the end of a row.
  ahead: 1,
};

/** GPUs: neighbouring threads read neighbouring addresses, workgroup memory is near, and there must be many threads. */
const HARDWARE: AdapterTable = {
  product: 'tiles',
  // Two warps or one wave: enough to hide a read's latency, few enough to fill narrow rows.
  rowThreads: 64,
  workgroup: 64,
  // Reading back takes one to three milliseconds, about what a step takes.
  ahead: 3,
};

let current = HARDWARE;

export function adapterTable(): AdapterTable {
  return current;
}

/** @param features those that the device was made with */
export function chooseTable(info: GPUAdapterInfo, features: GPUSupportedFeatures): void {
  const software = info.architecture === 'swiftshader' && features.has('subgroups');
  useTable(software ? 'software' : 'hardware');
}

/** Tests run both on whatever adapter there is; the software table needs subgroups of four. */
export function useTable(name: 'software' | 'hardware'): void {
  current = name === 'software' ? SOFTWARE : HARDWARE;
}
