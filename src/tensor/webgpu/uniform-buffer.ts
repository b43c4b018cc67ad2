/**
 * Buffers by their contents: a decoding step repeats the uniforms of the one before, and writing them anew costs as much
 * as recording the dispatch. Forgotten all at once when there are many: those in use live until the queue is done.
 */
const uniformBuffers = new WeakMap<GPUDevice, Map<string, GPUBuffer>>();
const MOST_UNIFORM_BUFFERS = 2048;

/** A uniform buffer that holds these numbers, integers first; it is shared, and never written again. */
export function uniformBuffer(device: GPUDevice, integers: number[], floats: number[]): GPUBuffer {
  const before = uniformBuffers.get(device);
  const known = before && before.size < MOST_UNIFORM_BUFFERS ? before : new Map<string, GPUBuffer>();
  uniformBuffers.set(device, known);
  const key = `${integers.join()} ${floats.join()}`;
  const found = known.get(key);
  if (found) return found;
  const words = new Int32Array(Math.max(4, integers.length + floats.length));
  words.set(integers);
  new Float32Array(words.buffer).set(floats, integers.length);
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: words.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, words);
  known.set(key, buffer);
  return buffer;
}
