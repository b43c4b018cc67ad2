import { openAsBlob } from 'node:fs';
import { expect, test } from 'vitest';
import { checkFinite, dequantise } from '../../../../src/model/formats/dequantise.ts';
import { readGgufHeader } from '../../../../src/model/formats/gguf-header.ts';
import { WeightFileError, type WeightFormat } from '../../../../src/model/formats/weight-source.ts';
import { expectAllEqual, unequal } from '../../../agreement.ts';

/** Blocks of every type and what llama.cpp's own Python package makes of them (make_blocks.py beside it). */
const file = await openAsBlob('test/fixtures/gguf/blocks.gguf');
const { tensors } = await readGgufHeader(file);

async function bytesOf(name: string): Promise<Uint8Array> {
  const { begin, end } = tensors.find((tensor) => tensor.name === name)!;
  return new Uint8Array(await file.slice(begin, end).arrayBuffer());
}

const FORMATS: WeightFormat[] = ['f16', 'bf16', 'q8_0', 'q4_0', 'q5_0', 'q4_k', 'q5_k', 'q6_k'];

test.for(FORMATS)('%s blocks give the floats of llama.cpp, bit for bit', async (format, context) => {
  const values = dequantise(await bytesOf(format), format);
  const expected = dequantise(await bytesOf(`${format}.expected`), 'f32');
  expect(expected.length).toBe(2048);
  const subject = { fixture: `blocks, ${format}`, backend: 'any' };
  expectAllEqual(context, subject, 'weights', unequal(values, expected), expected.length);
});

test('bytes that begin at an odd address are read too', async () => {
  const bytes = await bytesOf('f16');
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect(dequantise(shifted.subarray(1), 'f16')).toEqual(dequantise(bytes, 'f16'));
});

test('part of a block is refused', () => {
  expect(() => dequantise(new Uint8Array(33), 'q8_0')).toThrow(WeightFileError);
});

test.each([NaN, Infinity, -Infinity])('%s among the values is refused by name', (value) => {
  expect(() => checkFinite('a.weight', Float32Array.from([1, value, -2]))).toThrow(/"a\.weight" holds NaN/);
});
