import { expect, test } from 'vitest';
import { cleanName, MOST_NAME_LENGTH, NameError } from '../../../src/store/rename.ts';

test('a name is one line without blanks around it', () => {
  expect(cleanName('  β = 0.3,\n\ttwo  rounds\u2028')).toBe('β = 0.3, two rounds');
});

test('a name of nothing, or one that is too long, is refused in words', () => {
  expect(() => cleanName(' \n ')).toThrow(NameError);
  expect(cleanName('x'.repeat(MOST_NAME_LENGTH))).toHaveLength(MOST_NAME_LENGTH);
  expect(() => cleanName('x'.repeat(MOST_NAME_LENGTH + 1))).toThrow(/80 characters; this one has 81/);
});
