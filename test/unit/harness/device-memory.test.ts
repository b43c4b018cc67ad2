import { describe, expect, it } from 'vitest';
import { memoryNeed, type DeviceMemory } from '../../../src/harness/device-memory.ts';
import { CATALOGUE } from '../../../src/model/catalogue.ts';
import { parseModelConfig } from '../../../src/model/config.ts';

const GiB = 2 ** 30;
const laptop: DeviceMemory = { memory: 8 * GiB, gpuBuffer: 2 * GiB, workers: 4 };
const configOf = (title: RegExp) =>
  parseModelConfig(CATALOGUE.find((entry) => title.test(entry.title))!.config);
const small = configOf(/135M/);
const large = configOf(/Llama 3.2 1B/);
/** Few keys and values, so that judging takes less than training. */
const wide = configOf(/Qwen2.5 0.5B/);

describe('what a model needs of this device', () => {
  it('is a copy of the weights for each CPU worker, and training more than judging', () => {
    const need = memoryNeed(small, 'wasm', laptop);
    expect(need).toMatchObject({ workers: 4, judging: { obstacle: null }, training: { obstacle: null } });
    expect(need.judging.plan.weights).toBe(4 * 4 * 134_515_008);
    expect(need.training.bytes).toBeGreaterThan(need.judging.plan.weights);
  });

  it('takes fewer workers where there is less room', () => {
    const { workers, judging } = memoryNeed(small, 'wasm', { ...laptop, memory: 2 * GiB });
    expect(workers).toBeLessThan(4);
    expect(judging.plan.total).toBeLessThan(2 * GiB);
    expect(judging.obstacle).toBeNull();
  });

  it('is refused on the CPU beyond what WebAssembly can address', () => {
    expect(memoryNeed(large, 'wasm', laptop).judging.obstacle).toMatch(
      /4\.3 GB that WebAssembly can address/,
    );
    expect(memoryNeed(large, 'webgpu', laptop).judging.obstacle).toBeNull();
  });

  it('is refused beyond the device’s memory where the browser is sure of that', () => {
    expect(memoryNeed(large, 'webgpu', { ...laptop, memory: 2 * GiB }).judging.obstacle).toMatch(
      /2\.1 GB of this device/,
    );
    expect(memoryNeed(large, 'webgpu', { ...laptop, memory: null }).judging.obstacle).toBeNull();
  });

  it('is less on a GPU where the file has fewer bits, and may fit where more bits do not', () => {
    const tablet = { ...laptop, memory: 2 * GiB };
    const judging = (format: 'f32' | 'bf16' | 'q8_0' | 'q4_k') =>
      memoryNeed(large, 'webgpu', tablet, format).judging;
    expect(judging('f32').obstacle).not.toBeNull();
    expect(judging('q4_k').obstacle).toBeNull();
    const totals = (['f32', 'bf16', 'q8_0', 'q4_k'] as const).map((format) => judging(format).plan.total);
    expect(totals).toEqual(totals.toSorted((a, b) => b - a));
  });

  it('may be too much for training where judging fits', () => {
    const wanted = memoryNeed(wide, 'webgpu', { ...laptop, memory: null });
    const memory = (wanted.judging.bytes + wanted.training.bytes) / 2;
    const { judging, training } = memoryNeed(wide, 'webgpu', { ...laptop, memory });
    expect(judging.obstacle).toBeNull();
    expect(training.obstacle).toMatch(/of this device/);
  });
});
