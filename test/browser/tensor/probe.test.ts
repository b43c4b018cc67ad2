import { expect, test } from 'vitest';
import { LONG } from '../../long.ts';
import { PROBE_PROGRAM, probeGpu } from '../../../src/tensor/webgpu/probe.ts';

const adapter = async () => {
  const found = await navigator.gpu.requestAdapter();
  if (!found) throw new Error('There is no WebGPU adapter.');
  return found;
};

test('a GPU that multiplies rightly is found right, and has a speed', async () => {
  const { correct, gigaflops } = await probeGpu(await adapter());
  expect(correct).toBe(true);
  expect(gigaflops).toBeGreaterThan(0.05);
});

/** The slow ones of SwiftShader: one of them in the short run. */
const WRONG = [
  ['leaves out a product', PROBE_PROGRAM.replace('var k = 0u', 'var k = 1u')],
  ['exchanges rows and columns', PROBE_PROGRAM.replace('c[at.y * 256u + at.x]', 'c[at.x * 256u + at.y]')],
  ['writes nothing', PROBE_PROGRAM.replace('] = sum;', '] = 0.0;')],
] as const;

test.each(LONG ? WRONG : WRONG.slice(0, 1))('one that %s is found out', async (_, program) => {
  expect(program).not.toBe(PROBE_PROGRAM);
  expect((await probeGpu(await adapter(), program)).correct).toBe(false);
});

test('one that cannot run the program says so', async () => {
  await expect(probeGpu(await adapter(), 'this is no program')).rejects.toThrow();
});
