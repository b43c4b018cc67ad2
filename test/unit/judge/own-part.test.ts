import { describe, expect, it } from 'vitest';
import { ownPart } from '../../../src/judge/own-part.ts';
import { fewShotPoint } from '../../../src/judge/protocols/few-shot.ts';
import { nanoPoint } from '../../../src/judge/protocols/nano.ts';
import type { TextTokenizer } from '../../../src/judge/tokenizer.ts';

/** Tokens of several characters; 0 ends. */
const PIECES = ['', 'Good. ', '[RESULT] 4', '\n\n', 'Question: Why? [RESULT] 1', '.\n\nQ'];
const tokenizer: TextTokenizer = {
  bos: 1,
  encode: () => Int32Array.of(),
  decode: (ids) => Array.from(ids, (id) => PIECES[id]).join(''),
};
const sampled = (ids: number[], finished: boolean) => ({
  ids: Int32Array.from(ids),
  logprobs: Float32Array.from(ids, (_, i) => -i),
  finished,
});
const own = (ids: number[], finished: boolean) => ownPart(tokenizer, fewShotPoint, sampled(ids, finished));

describe('the part of a completion that is the judgment', () => {
  it("is the first paragraph of a pretrained model's text, up to the token that ends it", () => {
    const { ids, logprobs, finished, text } = own([1, 2, 3, 4, 3], false);
    expect([...ids]).toEqual([1, 2, 3]);
    expect([...logprobs]).toEqual([-0, -1, -2]);
    expect(finished).toBe(true);
    expect(text).toBe('Good. [RESULT] 4');
    expect(fewShotPoint.parse(text).verdict).toEqual({ kind: 'score', score: 4 });
  });

  it('ends inside a token where the token goes on', () => {
    expect(own([1, 2, 5, 4], false)).toMatchObject({ text: 'Good. [RESULT] 4.', finished: true });
  });

  it('is all of it where the paragraph did not end, and was cut or ended as the model says', () => {
    expect(own([1, 2], false)).toMatchObject({ text: 'Good. [RESULT] 4', finished: false });
    expect(own([1, 2, 0], true)).toMatchObject({ text: 'Good. [RESULT] 4', finished: true });
    expect(own([1, 2, 0], true).ids.length).toBe(3);
  });

  it('is all of it where the protocol names no end', () => {
    const whole = ownPart(tokenizer, nanoPoint, sampled([1, 3, 4, 0], true));
    expect(whole.text).toBe('Good. \n\nQuestion: Why? [RESULT] 1');
    expect(whole.ids.length).toBe(4);
  });
});
