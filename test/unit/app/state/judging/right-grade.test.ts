import { expect, test } from 'vitest';
import { rightGradeOf } from '../../../../../src/app/state/judging/right-grade.ts';
import { fillTemplate, TEMPLATES } from '../../../../../src/data/micro/templates.ts';

test.each(TEMPLATES.map((template) => [template.family, template] as const))(
  'the template of %s has a right grade with its reasons',
  (_family, template) => {
    const { response, criterion } = template;
    const right = rightGradeOf({ instruction: fillTemplate(template), response, criterion });
    expect(right?.score).toBeGreaterThanOrEqual(1);
    expect(right?.reason).not.toBe('');
  },
);

test('an answer in free words is graded by the same rule: two of the three that were asked for', () => {
  const asked = { instruction: 'List 3 tools.', criterion: 'right count' };
  expect(rightGradeOf({ ...asked, response: 'Here are saw and file.' })?.score).toBe(4);
  expect(rightGradeOf({ ...asked, response: 'saw, file, drill' })?.score).toBe(5);
});

test('what is no micro task has none', () => {
  const item = {
    instruction: 'Why is the sky blue?',
    response: 'It reflects the sea.',
    criterion: 'correct',
  };
  expect(rightGradeOf(item)).toBeNull();
});
