import { describe, expect, test } from 'vitest';
import { Task, templateParts } from '../../../src/app/state/judging/task.svelte.ts';
import { fillTemplate, TEMPLATES } from '../../../src/data/micro/templates.ts';
import { itemId } from '../../../src/judge/item-id.ts';

const labelled = {
  instruction: 'List 3 tools.',
  response: 'saw',
  criterion: 'right count',
  score: 3 as const,
};
const item = { id: itemId(labelled), ...labelled };

describe('templates', () => {
  test.each(TEMPLATES.map((template, index) => [template.family, index] as const))(
    'the form fills %s as the data do',
    (_family, index) => {
      const task = new Task();
      task.useTemplate(index);
      expect(task.instruction).toBe(fillTemplate(TEMPLATES[index]!));
      expect(task.missing).toBeNull();
    },
  );

  test('a filled slot shows in the instruction, and every slot can be filled', () => {
    for (const [index, template] of TEMPLATES.entries()) {
      const task = new Task();
      task.useTemplate(index);
      template.slots.forEach((_, slot) => task.fill(slot, `word${slot}`));
      template.slots.forEach((_, slot) => expect(task.instruction).toContain(`word${slot}`));
      expect(templateParts(template).filter((part) => 'slot' in part)).toHaveLength(template.slots.length);
    }
  });
});

describe('items of a data set', () => {
  test('keep their label as long as nothing is changed', () => {
    const task = new Task();
    task.useItem(item);
    expect(task.item).toEqual(item);
    task.response = 'saw, file';
    expect(task.item.score).toBeUndefined();
    task.response = 'saw';
    expect(task.item.score).toBe(3);
  });
});

test('turning to free text keeps what was written, but not the criterion of the template', () => {
  const task = new Task();
  const before = task.instruction;
  task.useTemplate(-1);
  expect(task.instruction).toBe(before);
  expect(task.criterion).toBe('');
  expect(task.rule).toBeNull();
  expect(task.missing).toMatch(/criterion/);
  task.freeInstruction = ' ';
  expect(task.missing).toMatch(/instruction/);
});
