import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../../../workers/life-signs.ts';
import { lossOf } from '../../../workers/loss-of.ts';
import { Pace } from '../../../workers/pace.ts';
import { Vigil } from '../../../workers/vigil.ts';
import { HeapFullError } from '../../../src/tensor/wasm/heap-full.ts';

describe('a vigil', () => {
  const awake = () => {
    const vigil = new Vigil(PATIENCE);
    vigil.hear({ kind: 'rest' });
    return vigil;
  };

  test('gives up a worker that does not beat for ten seconds', () => {
    const vigil = awake();
    for (let second = 0; second < 100; second++) {
      vigil.wait(1000);
      vigil.hear({ kind: 'beat' });
    }
    vigil.wait(10_000);
    expect([vigil.late, vigil.silent]).toEqual([true, false]);
    vigil.wait(1);
    expect(vigil.silent).toBe(true);
  });

  test('gives a stretch three times as long as was announced, whatever beats', () => {
    const vigil = awake();
    vigil.hear({ kind: 'stretch', expectedMs: 20_000 });
    for (let second = 0; second < 60; second++) {
      vigil.wait(1000);
      vigil.hear({ kind: 'beat' });
    }
    expect(vigil.silent).toBe(false);
    vigil.wait(1);
    expect(vigil.silent).toBe(true);
    vigil.hear({ kind: 'rest' });
    expect([vigil.late, vigil.silent]).toEqual([false, false]);
  });

  test('gives a short stretch ten seconds', () => {
    const vigil = awake();
    vigil.hear({ kind: 'stretch', expectedMs: 3 });
    vigil.wait(10_000);
    expect(vigil.silent).toBe(false);
    vigil.wait(1);
    expect(vigil.silent).toBe(true);
  });
});

describe('a pace', () => {
  test('expects what the like of it took, and before that not less than a slow device takes', () => {
    const pace = new Pace();
    expect(pace.expect('pass', 1)).toBe(20_000);
    // A billion parameters, 1000 tokens, 2 operations each at 1 GFLOP/s.
    expect(pace.expect('pass', 1e12)).toBe(2e6);
    pace.learn('pass', 100, 50);
    expect(pace.expect('pass', 1000)).toBe(500);
    expect(pace.expect('training', 1)).toBe(20_000);
  });

  test('remembers slow passes for a while', () => {
    const pace = new Pace();
    pace.learn('pass', 1, 100);
    pace.learn('pass', 1, 10);
    expect(pace.expect('pass', 1)).toBe(90);
    for (let i = 0; i < 50; i++) pace.learn('pass', 1, 10);
    expect(pace.expect('pass', 1)).toBe(10);
  });
});

test.each([
  [new HeapFullError('5 MB more do not fit'), 'wasm-memory'],
  [new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory'), 'wasm-memory'],
  [new RangeError('Array buffer allocation failed'), 'wasm-memory'],
  [new WebAssembly.RuntimeError('memory access out of bounds'), 'wasm-memory'],
  [new WebAssembly.RuntimeError('unreachable'), 'worker-crashed'],
  [new DOMException('A valid external Instance reference no longer exists.', 'AbortError'), 'device-lost'],
  [new RangeError('createBuffer failed, size (9) is too large for the implementation'), 'gpu-memory'],
  [new DOMException('Cancelled.', 'AbortError'), null],
  [new RangeError('maxTokens must be positive.'), null],
  [new Error('No model is loaded.'), null],
])('%s → %s', (error, loss) => {
  expect(lossOf(error)).toBe(loss);
});
