import { describe, expect, it, test } from 'vitest';
import { pagePolicy } from '../../../../scripts/vite/content-security-policy.ts';
import { admits, sourcesOf } from '../../../../src/app/state/share/reachable.ts';

test('the hosts that a policy lets the page fetch from', () => {
  const policy = pagePolicy(['https://models.example.org:8443']);
  expect(sourcesOf(policy)).toEqual([
    'https://huggingface.co',
    'https://*.huggingface.co',
    'https://*.hf.co',
    'https://models.example.org:8443',
  ]);
  expect(sourcesOf('')).toEqual([]);
});

describe('a source of a policy admits', () => {
  it.each([
    ['https://huggingface.co', 'https://huggingface.co/a/b.zip', true],
    ['https://huggingface.co', 'http://huggingface.co/a/b.zip', false],
    ['https://huggingface.co', 'https://huggingface.co.evil.org/b.zip', false],
    ['https://huggingface.co', 'https://huggingface.co:444/b.zip', false],
    ['https://*.hf.co', 'https://cdn.us.hf.co/b.zip', true],
    ['https://*.hf.co', 'https://hf.co/b.zip', false],
    ['https://*.hf.co', 'https://evilhf.co/b.zip', false],
    ['https://models.example.org:8443', 'https://models.example.org:8443/x', true],
    ['https://models.example.org:8443', 'https://models.example.org/x', false],
  ])('%s: %s, %s', (source, address, admitted) => {
    expect(admits(source, new URL(address))).toBe(admitted);
  });
});
