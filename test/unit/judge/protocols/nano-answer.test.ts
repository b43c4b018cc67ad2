import { describe, expect, it } from 'vitest';
import { nanoAnswer, readAnswer } from '../../../../src/judge/protocols/nano-answer.ts';
import { nanoPoint } from '../../../../src/judge/protocols/nano.ts';

describe('nano-answer', () => {
  it('asks with the beginning of the judging prompt, which goes on with the answer', () => {
    const item = {
      id: '',
      instruction: 'What is 4 + 7?',
      response: 'It is 11.',
      criterion: 'correct answer',
    };
    const whole = nanoAnswer.render(item) + nanoAnswer.target(item.response);
    expect(nanoPoint.render(item).startsWith(`${whole}### Criterion\n`)).toBe(true);
  });

  it.each([
    ['It is 11.\n### Criterion\ncorrect', { response: 'It is 11.', finished: true }],
    ['It is 1', { response: 'It is 1', finished: false }],
    ['\nIt is 11.', { response: '', finished: true }],
    ['', { response: '', finished: false }],
  ])('reads the first line: %j', (text, reading) => {
    expect(readAnswer(text)).toEqual(reading);
  });
});
