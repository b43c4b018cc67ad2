import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { examText, trainingText, type Format } from '../../../../src/data/micro/corpus.ts';
import { MICRO_VERSION, microItems } from '../../../../src/data/micro/items.ts';
import { SPLITS } from '../../../../src/data/split.ts';

const hashOf = (content: unknown) => bytesToHex(sha256(utf8ToBytes(JSON.stringify(content)))).slice(0, 16);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const FORMATS: readonly Format[] = [
  'point',
  'pair',
  'pair-reference',
  'single',
  'several',
  'meta',
  'long-list',
];

// Projects, published results and the embedded judge's weights all rest on these texts. A hash that changes here
// means a new MICRO_VERSION, not a new hash.
describe('version 1 of the micro world', () => {
  it('is the one that is tested', () => {
    expect(MICRO_VERSION).toBe(1);
  });

  it('keeps every item, with score, rationale and slip, in its order', () => {
    const hashes = SPLITS.map((split) => hashOf(microItems(split, 1, 400)));
    expect(hashes).toEqual(['5f83b81c2251e89e', 'b8b8434ee29c2dac', '979d72aea0f835be']);
  });

  it.each([
    ['base', '6d91d7d319eaf392'],
    ['seed', '056c8c932b084d11'],
  ] as const)('keeps the training texts of the %s stage', (stage, hash) => {
    expect(hashOf(numbers(400).map((index) => trainingText(stage, 1, index)))).toBe(hash);
  });

  it('keeps the exam texts of every format', () => {
    const exam = FORMATS.map((format) => numbers(40).map((index) => examText(format, 'heldout', 1, index)));
    expect(hashOf(exam)).toBe('6518ec882329fde6');
  });
});
