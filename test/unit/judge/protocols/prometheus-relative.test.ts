import { describe, expect, it } from 'vitest';
import { prometheusRelative } from '../../../../src/judge/protocols/prometheus-relative.ts';

const comparison = {
  instruction: 'ask',
  responses: ['FIRST', 'SECOND'],
  criterion: 'c',
  reference: 'R-TEXT',
};

describe('prometheus-relative', () => {
  it('shows the answers in the order that was asked for, and the reference only where it is wanted', () => {
    const exchanged = prometheusRelative.render(comparison, { order: [1, 0], reference: false });
    expect(exchanged).toContain('###Response A:\nSECOND\n\n###Response B:\nFIRST\n');
    expect(exchanged).not.toContain('R-TEXT');
    expect(prometheusRelative.render(comparison)).toContain('###Reference Answer:\nR-TEXT\n');
    expect(prometheusRelative.shows(comparison, { order: [1, 0], reference: false })).toEqual({
      order: [1, 0],
      usedReference: false,
    });
  });

  it.each([
    ['A is short. [RESULT] B', 1],
    ['Fine. [RESULT] A', 0],
    ['Fine. [Result]: (A)', 0],
    ['Fine. [RESULT] Response B.', 1],
    ['Fine. Result: B\n', 1],
    ['[RESULT] A at first, but in the end [RESULT] B', 1],
  ] as const)('reads %j', (text, preferred) => {
    const { verdict, score } = prometheusRelative.parse(text);
    expect(verdict).toEqual({ kind: 'preference', preferred });
    expect(text.slice(...score!)).toBe('AB'[preferred]);
  });

  it.each([
    '',
    'A',
    '[RESULT]',
    '[RESULT] C',
    '[RESULT] a',
    'As a result A',
    '[RESULT] A or B',
    '[RESULT] 4',
  ])('refuses %j', (text) => expect(prometheusRelative.parse(text).verdict.kind).toBe('failure'));

  it('is not decided by its own prompt', () => {
    expect(prometheusRelative.parse(prometheusRelative.render(comparison)).verdict.kind).toBe('failure');
  });
});
