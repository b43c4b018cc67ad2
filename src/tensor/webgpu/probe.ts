/** What a GPU did with a product whose answer is known. */
export interface GpuProbe {
  /** Every number of it was right. */
  correct: boolean;
  /** Multiplications and additions per second, in billions, once the program is compiled; 0 where it is wrong. */
  gigaflops: number;
}

const SIZE = 256;
const TILE = 16;
/** Products in the timed run: a GPU takes some milliseconds, SwiftShader a second or more. */
const TURNS = 4;

/** c = a · b, tile by tile: what decoding and training mostly do, without any trick that an adapter may lack. */
export const PROBE_PROGRAM = `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
var<workgroup> left: array<f32, ${TILE * TILE}>;
var<workgroup> right: array<f32, ${TILE * TILE}>;
@compute @workgroup_size(${TILE}, ${TILE})
fn main(@builtin(global_invocation_id) at: vec3u, @builtin(local_invocation_id) here: vec3u) {
  var sum = 0.0;
  for (var tile = 0u; tile < ${SIZE / TILE}u; tile++) {
    left[here.y * ${TILE}u + here.x] = a[at.y * ${SIZE}u + tile * ${TILE}u + here.x];
    right[here.y * ${TILE}u + here.x] = b[(tile * ${TILE}u + here.y) * ${SIZE}u + at.x];
    workgroupBarrier();
    for (var k = 0u; k < ${TILE}u; k++) {
      sum += left[here.y * ${TILE}u + k] * right[k * ${TILE}u + here.x];
    }
    workgroupBarrier();
  }
  c[at.y * ${SIZE}u + at.x] = sum;
}`;

// Whole numbers, whose products and sums float32 holds exactly: a[i][k] = u(i) v(k), b[k][j] = v(k) w(j).
const u = (i: number) => (i % 5) - 2;
const v = (k: number) => (k % 7) - 2;
const w = (j: number) => (j % 3) + 1;
const SUM = Array.from({ length: SIZE }, (_, k) => v(k) ** 2).reduce((sum, one) => sum + one);

const square = (of: (row: number, column: number) => number) =>
  Float32Array.from({ length: SIZE * SIZE }, (_, at) => of(Math.floor(at / SIZE), at % SIZE));

/**
 * Multiplies two matrices of 256 × 256 on the GPU, once to be checked and four times by the clock. Takes some tens of
 * milliseconds on a GPU; the device is its own, and destroyed.
 * @param program to be tried in place of the usual one
 * @throws whatever the browser throws where the GPU cannot do it at all
 */
export async function probeGpu(adapter: GPUAdapter, program = PROBE_PROGRAM): Promise<GpuProbe> {
  const device = await adapter.requestDevice();
  try {
    const run = await productOf(device, program);
    const right = square((i, j) => u(i) * w(j) * SUM);
    const product = await run(1);
    if (!product.every((value, at) => value === right[at])) return { correct: false, gigaflops: 0 };
    const start = performance.now();
    await run(TURNS);
    const seconds = (performance.now() - start) / 1000;
    return { correct: true, gigaflops: (TURNS * 2 * SIZE ** 3) / seconds / 1e9 };
  } finally {
    device.destroy();
  }
}

/** The product, computed as often as it is asked for, and read. */
async function productOf(
  device: GPUDevice,
  program: string,
): Promise<(turns: number) => Promise<Float32Array>> {
  const bytes = 4 * SIZE * SIZE;
  const buffer = (usage: number) => device.createBuffer({ size: bytes, usage });
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const [a, b] = [buffer(STORAGE | COPY_DST), buffer(STORAGE | COPY_DST)];
  const [c, read] = [buffer(STORAGE | COPY_SRC), buffer(MAP_READ | COPY_DST)];
  device.queue.writeBuffer(
    a,
    0,
    square((i, k) => u(i) * v(k)),
  );
  device.queue.writeBuffer(
    b,
    0,
    square((k, j) => v(k) * w(j)),
  );
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: program }), entryPoint: 'main' },
  });
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [a, b, c].map((one, binding) => ({ binding, resource: { buffer: one } })),
  });
  return async (turns) => {
    const encoder = device.createCommandEncoder();
    for (let turn = 0; turn < turns; turn++) {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(SIZE / TILE, SIZE / TILE);
      pass.end();
    }
    encoder.copyBufferToBuffer(c, 0, read, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const product = new Float32Array(read.getMappedRange().slice(0));
    read.unmap();
    return product;
  };
}
