import { expect, test } from 'vitest';
import { completionText } from '../../../src/judge/tokenizer.ts';
import { letters } from '../harness/scripted-engine.ts';

const ids = letters.encode('good.');

test('the token that ended a completion is no part of its text, whichever it is', () => {
  expect(completionText(letters, { ids, finished: true })).toBe('good');
});

test('a completion that was cut keeps all its tokens', () => {
  expect(completionText(letters, { ids, finished: false })).toBe('good.');
});
