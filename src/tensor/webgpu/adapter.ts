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
 * SwiftShader compiles a subgroup of four threads into SSE code, and every read with a computed address into a gather: what
 * counts is multiply-adds for each read. 64 × 160 × 160 on two busy cores, in one run: 4 × 4 outputs a thread 1.1 GFLOP/s,
 * 8 × 8 outputs 2.1, 16 × 4 with rows handed round 3.7. A barrier suspends a coroutine for every subgroup (SwiftShader's
 * ComputeProgram.cpp), so nothing waits for another subgroup.
 */
const SOFTWARE: AdapterTable = {
  product: 'lanes',
  // One subgroup: sums without a barrier.
  rowThreads: 4,
  // Sixteen batches of workgroups are spread over the cores; 64 outputs a thread leave few threads.
  workgroup: 16,
  // Steps are long here: more of them ahead would hide nothing, and be thrown away at the end of a row.
  ahead: 1,
};

/**
 * GPUs, by the usual rules: neighbouring threads read neighbouring addresses, workgroup memory is near, and there must be
 * many threads. Held to the oracles on SwiftShader; its speed was not measured on a GPU yet.
 */
const HARDWARE: AdapterTable = {
  product: 'tiles',
  // Two warps or one wave: enough to hide a read's latency, few enough to fill narrow rows.
  rowThreads: 64,
  workgroup: 64,
  // Steps are short, and tokens must travel to another process and back: some must be under way.
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
