import { describe, expect, test } from 'vitest';
import { agreementReport, type Part } from '../../scripts/agreement-report.ts';
import { isWithinBound, largestDifference, unequal, worstOfEach, type Difference } from '../agreement.ts';

describe('differences', () => {
  const of = (difference: number, bound: number): Difference => ({ quantity: 'x', difference, bound });

  test('the worst is the one nearest to its bound', () => {
    expect(worstOfEach([of(1, 10), of(0.5, 1), of(0, 0)])).toEqual([of(0.5, 1)]);
    expect(worstOfEach([of(0.5, 1), of(1, 0)])).toEqual([of(1, 0)]);
    expect(worstOfEach([of(0, 1), of(0, 0)])).toEqual([of(0, 0)]);
  });

  test('what is not a number is worse than any number, and within no bound', () => {
    expect(worstOfEach([of(9, 1), of(NaN, 1), of(9, 1)])).toEqual([of(NaN, 1)]);
    expect(isWithinBound(of(NaN, 1))).toBe(false);
    expect(largestDifference([1, NaN, 3], [1, 2, 3])).toBeNaN();
  });

  test('of lists are counted place by place, missing values too', () => {
    expect(unequal([1, 2, 3], [1, 5])).toEqual([
      { at: 1, here: 2, there: 5 },
      { at: 2, here: 3, there: undefined },
    ]);
  });
});

describe('the document', () => {
  type Test = Part['report']['testResults'][number]['assertionResults'][number];
  const measured = (fixture: string, difference: number | null): Test => ({
    fullName: fixture,
    status: 'passed',
    failureMessages: [],
    meta: {
      agreement: [
        {
          fixture,
          backend: 'wasm',
          device: 'SIMD',
          quantity: 'logits',
          difference: difference!,
          bound: 1e-3,
        },
      ],
    },
  });
  const documentOf = (...tests: Test[]) => {
    const file = { startTime: 0, endTime: 2000, message: '', assertionResults: tests };
    const part = { name: 'a', title: 'A', reference: 'B', files: ['c'], report: { testResults: [file] } };
    return agreementReport([part], 'a machine');
  };

  test('shows the largest difference of a fixture beside its bound', () => {
    const text = documentOf(measured('llama', 1.25e-5));
    expect(text).toContain('| fixture | backend | logits (≤ 1.0e-3) |');
    expect(text).toContain('| llama | wasm | 1.3e-5 |');
    expect(text).toContain('1 quantities were compared, all of them within their bounds');
    expect(text).toContain('wasm: SIMD');
  });

  test.each([
    ['a miss', 0.5, '0.5 ✗'],
    ['what JSON wrote of NaN', null, 'NaN ✗'],
  ])('shows %s as a miss', (_, difference, cell) => {
    const text = documentOf(measured('llama', difference));
    expect(text).toContain(`| llama | wasm | ${cell} |`);
    expect(text).toContain('**1 of them beyond their bounds**');
  });

  test('names tests that failed or did not run', () => {
    const text = documentOf(
      { fullName: 'Gemma', status: 'skipped', failureMessages: [], meta: {} },
      { fullName: 'DPO', status: 'failed', failureMessages: ['Error: no adapter\n at x'], meta: {} },
    );
    expect(text).toContain('**Not run** (its files are not here): Gemma');
    expect(text).toContain('**Failed:** DPO: Error: no adapter\n');
  });
});
