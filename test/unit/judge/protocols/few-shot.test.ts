import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCORES } from '../../../../src/judge/item.ts';
import { fewShotPair } from '../../../../src/judge/protocols/few-shot-pair.ts';
import { fewShotPoint } from '../../../../src/judge/protocols/few-shot.ts';

const comparison = { instruction: 'ask', responses: ['FIRST', 'SECOND'], criterion: '' };

describe('few-shot-pair', () => {
  it('ends its prompt where the first score is to stand, the answers in the order that was asked for', () => {
    const entry = 'Question: ask\nAnswer 1: FIRST\nAnswer 2: SECOND\nScores:';
    expect(fewShotPair.render(comparison).endsWith(`Scores: 4 4\n\n${entry}`)).toBe(true);
    expect(fewShotPair.render(comparison, { order: [1, 0] })).toContain('Answer 1: SECOND\nAnswer 2: FIRST');
    expect(fewShotPair.shows(comparison, { order: [1, 0] })).toEqual({ order: [1, 0], usedReference: false });
  });

  it('leaves its examples as they are when the answers are exchanged', () => {
    const examples = (order: number[]) => fewShotPair.render(comparison, { order }).split('Question: ask')[0];
    expect(examples([1, 0])).toBe(examples([0, 1]));
  });

  it('reads every score line that it writes, whatever follows', () => {
    const score = fc.constantFrom(...SCORES);
    fc.assert(
      fc.property(score, score, fc.string(), (first, second, more) => {
        const text = `${fewShotPair.scoreLine(first, second)}\n${more}`;
        const { verdict, score: span } = fewShotPair.parse(text);
        expect(verdict).toEqual({ kind: 'scores', scores: [first, second] });
        expect(text.slice(...span!)).toBe(`${first} ${second}`);
      }),
    );
  });

  it.each(['', '5', ' 5', ' 5 6', ' 0 5', ' 5 10', ' 5 22', '  5 2', '\n5 2', 'The 5 2', '5, 2'])(
    'refuses %j',
    (text) => expect(fewShotPair.parse(text).verdict.kind).toBe('failure'),
  );
});

describe('few-shot-point', () => {
  it('reads the first paragraph only: what follows is an entry that the model made up', () => {
    const text = ' It is short. [RESULT] 2\n\nQuestion: Why?\nFeedback: Good. [RESULT] 5';
    expect(fewShotPoint.parse(text).verdict).toEqual({ kind: 'score', score: 2 });
  });
});
