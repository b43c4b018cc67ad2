import { describe, expect, it } from 'vitest';
import { memoryNeed, type DeviceMemory } from '../../../src/app/state/device-memory.ts';
import { CATALOGUE } from '../../../src/model/catalogue.ts';
import { parseModelConfig } from '../../../src/model/config.ts';

const GiB = 2 ** 30;
const laptop: DeviceMemory = { memory: 8 * GiB, gpuBuffer: 2 * GiB, workers: 4 };
const configOf = (title: RegExp) =>
  parseModelConfig(CATALOGUE.find((entry) => title.test(entry.title))!.config);
const small = configOf(/135M/);
const large = configOf(/Llama 3.2 1B/);

describe('what a model needs of this device', () => {
  it('is a copy of the weights for each CPU worker, and training more than judging', () => {
    const need = memoryNeed(small, 'wasm', laptop);
    expect(need).toMatchObject({ workers: 4, obstacle: null });
    expect(need.judging.weights).toBe(4 * 4 * 134_515_008);
    expect(need.training.total).toBeGreaterThan(need.judging.weights);
  });

  it('takes fewer workers where there is less room', () => {
    const { workers, judging, obstacle } = memoryNeed(small, 'wasm', { ...laptop, memory: 2 * GiB });
    expect(workers).toBeLessThan(4);
    expect(judging.total).toBeLessThan(2 * GiB);
    expect(obstacle).toBeNull();
  });

  it('is refused on the CPU beyond what WebAssembly can address', () => {
    expect(memoryNeed(large, 'wasm', laptop).obstacle).toMatch(/4\.3 GB that WebAssembly can address/);
    expect(memoryNeed(large, 'webgpu', laptop).obstacle).toBeNull();
  });

  it('is refused beyond the device’s memory where the browser is sure of that', () => {
    expect(memoryNeed(large, 'webgpu', { ...laptop, memory: 2 * GiB }).obstacle).toMatch(
      /2\.1 GB of this device/,
    );
    expect(memoryNeed(large, 'webgpu', { ...laptop, memory: null }).obstacle).toBeNull();
  });
});
