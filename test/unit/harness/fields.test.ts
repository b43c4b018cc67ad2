import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changesOf, checkFields, choice, count, defaultsOf, differenceOf, kebab, readTexts, real, SettingsError, text,
} from '../../../src/harness/fields.ts'; // prettier-ignore

const fields = {
  samples: count({ label: 'Samples (N)', hint: '', default: 4, least: 1, most: 64 }),
  sigma: real({ label: 'Precision', hint: '', default: 0.8, least: 0, most: 1 }),
  rankedBy: choice({ label: 'Ranked by', hint: '', default: 'mean', options: { mean: 'the mean', sum: 'the sum' } }),
  note: text({ label: 'Note', hint: '', default: '', longest: 20 }),
  topK: count({ label: 'Top-k', hint: '', default: 0, least: 0, most: 9, absent: 0 }),
}; // prettier-ignore

describe('settings made from fields', () => {
  it('accept their defaults, and what records lacked', () => {
    const defaults = defaultsOf(fields);
    expect(checkFields(fields, defaults)).toEqual(defaults);
    const { topK: _, ...old } = defaults;
    expect(checkFields(fields, old)).toEqual(defaults);
  });

  it.each([
    [{ samples: 0 }, 'Samples must be at least 1.'],
    [{ samples: 1.5 }, 'Samples must be a whole number.'],
    [{ sigma: Infinity }, 'Precision must be a number.'],
    [{ rankedBy: 'best' }, 'Ranked by must be "mean" or "sum".'],
    [{ note: 'x'.repeat(21) }, 'Note must have at most 20 characters.'],
  ])('refuse %j in words', (wrong, words) => {
    expect(() => checkFields(fields, { ...defaultsOf(fields), ...wrong })).toThrow(words);
  });

  it('name every fault at once', () => {
    const wrong = { ...defaultsOf(fields), samples: 0, sigma: 2 };
    expect(() => checkFields(fields, wrong)).toThrow(
      'Samples must be at least 1. Precision must be at most 1.',
    );
  });

  it('are read from a command line in either spelling', () => {
    expect(readTexts(fields, { 'ranked-by': 'sum', samples: '8' })).toMatchObject({ rankedBy: 'sum', samples: 8 }); // prettier-ignore
    expect(readTexts(fields, { rankedBy: 'sum' }).rankedBy).toBe('sum');
    expect(() => readTexts(fields, { samples: 'many' })).toThrow(SettingsError);
    expect(() => readTexts(fields, { sample: '1' })).toThrow(/samples, sigma, ranked-by/);
    expect(kebab('heldoutItems')).toBe('heldout-items');
  });

  it('come back from a link as they were', () => {
    const settings = fc.record({
      samples: fc.integer({ min: 1, max: 64 }),
      sigma: fc.double({ min: 0, max: 1, noNaN: true }),
      rankedBy: fc.constantFrom('mean' as const, 'sum' as const),
      note: fc.string({ maxLength: 20 }),
      topK: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(settings, (values) => {
        expect(readTexts(fields, changesOf(fields, values))).toEqual({ ...values, sigma: values.sigma + 0 });
      }),
    );
  });

  it('say what differs', () => {
    const defaults = defaultsOf(fields);
    expect(differenceOf(defaults, { ...defaults, sigma: 0.9 })).toEqual(['sigma']);
  });
});
