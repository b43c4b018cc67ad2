import { expect, test } from 'vitest';
import { piecesOf } from '../../../src/harness/ask.ts';

/** Two tokens make one ö, as byte-level tokenizers have it. */
const BYTES: Record<number, number[]> = { 1: [72], 2: [0xc3], 3: [0xb6], 4: [32, 114] };
const tokenizer = {
  decode: (ids: Int32Array) =>
    new TextDecoder().decode(Uint8Array.from(Array.from(ids).flatMap((id) => BYTES[id] ?? []))),
};

test('the pieces put together are the text, and a character of two tokens stands with the second', () => {
  expect(piecesOf(Int32Array.from([1, 2, 3, 4]), tokenizer)).toEqual(['H', '', 'ö', ' r']);
});
