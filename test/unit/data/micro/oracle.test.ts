import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item, Score } from '../../../../src/judge/item.ts';
import { rationaleOf } from '../../../../src/data/micro/family.ts';
import { FAMILIES } from '../../../../src/data/micro/families/table.ts';
import { askForLongList } from '../../../../src/data/micro/families/right-count.ts';
import { microItems } from '../../../../src/data/micro/items.ts';
import { familyOf, grade, gradedItem } from '../../../../src/data/micro/oracle.ts';
import { RandomStream } from '../../../../src/data/micro/random.ts';
import { TEMPLATES, fillTemplate } from '../../../../src/data/micro/templates.ts';
import { SPLITS } from '../../../../src/data/split.ts';

const score = (instruction: string, response: string, criterion: string) =>
  grade(instruction, response, criterion)?.score;

describe('items of the generators', () => {
  it.each(SPLITS)('are graded as they were made: %s', (split) => {
    const items = microItems(split, 7, 3000);
    const graded = items.map(({ instruction, response, criterion }) =>
      gradedItem({ instruction, response, criterion }),
    );
    expect(graded).toEqual(items);
  });

  it.each(FAMILIES.map(({ name }) => name))('are graded as they were made, small ones too: %s', (name) => {
    const family = FAMILIES.find((candidate) => candidate.name === name)!;
    for (let index = 0; index < 600; index++) {
      const random = new RandomStream('oracle', name, index);
      const { instruction, ...task } = family.ask(random, index % 2 === 0 ? 'small' : 'normal');
      const { response, ...truth } = task.answer(random, ((index % 5) + 1) as Score);
      expect(grade(instruction, response, family.criterion)).toEqual(truth);
      expect(familyOf(instruction, family.criterion)).toBe(family);
    }
  });

  it('are graded as they were made, long lists too', () => {
    for (let index = 0; index < 100; index++) {
      const { instruction, answer } = askForLongList(new RandomStream('long', index), 10, 150);
      const { response, ...truth } = answer;
      expect(grade(instruction, response, 'right count')).toEqual(truth);
    }
  });
});

describe('answers that no generator writes', () => {
  it.each<[Score, string, string, string]>([
    // Openings, marks and capitals change nothing; a word of another category or of none does not fit.
    [5, 'List 3 fruits.', 'Here: They are **Apple**; plum and pear!', 'correct items'],
    [3, 'List 3 fruits.', 'apple, sofa', 'correct items'],
    [1, 'List 3 fruits.', 'apple plum pear', 'correct items'],
    [4, 'List 3 fruits.', 'apple, pear,', 'right count'],
    [4, 'List 3 fruits.', 'Apple, pear, apple', 'no repeats'],
    [5, 'List 2 words with b.', 'Bear, banana', 'right letter'],
    [5, 'Name the capital of France, Japan.', 'It is paris and Tokyo', 'correct facts'],
    [3, 'Name the capital of France, Japan.', 'Paris', 'correct facts'],
    [1, 'Name the capital of France, Japan.', 'Tokyo, Paris', 'correct facts'],
    [4, 'Name the capital of France, Japan.', 'Paris, Tokyo, Rome', 'correct facts'],
    [3, 'Name the young of dog, cow.', 'wolf, calf', 'correct facts'],
    [5, 'What is 4 + 7?', '11', 'correct answer'],
    [4, 'What is 4 + 7?', '4 + 7 = 12', 'correct answer'],
    [5, 'What is 4 + 7?', 'It is 10, no, 11.', 'correct answer'],
    [4, 'What is 4 + 7?', '10.5', 'correct answer'],
    [1, 'What is 4 + 7?', 'eleven', 'correct answer'],
    [5, 'Sort 12 3 25.', '3, 12, 25.', 'correct order'],
    [4, 'Sort 12 3 25.', '3 12', 'correct order'],
    [4, 'Sort 12 3 25.', '3 12 25 25', 'correct order'],
    [1, 'Sort 12 3 25.', 'no idea', 'correct order'],
    [3, 'Write a sentence with goat, tram.', 'Goats like the TRAM!', 'uses every word'],
    [3, 'Write a sentence without goat, tram.', 'A goat; a tram; a goat.', 'avoids words'],
    [4, 'Describe a goat in at most 4 words.', '"The goat" - is big, calm', 'within limit'],
    [5, 'Reply to a customer.', 'Thanks, THANKS!', 'polite tone'],
    [2, 'Reply to a customer.', 'well, shut up', 'polite tone'],
  ])('%i for %s → %s (%s)', (expected, instruction, response, criterion) => {
    expect(score(instruction, response, criterion)).toBe(expected);
  });

  it('say in the rationale what is missing, unknown or too much', () => {
    const rationale = (...content: [string, string, string]) => rationaleOf(grade(...content)!);
    expect(rationale('Name the capital of France, Japan.', 'Paris', 'correct facts')).toBe(
      'Check. France: Paris, said Paris, yes. Japan: Tokyo, said nothing, no. 1 of 2 right.',
    );
    expect(rationale('Name the capital of Cuba.', 'Havana, Rome', 'correct facts')).toBe(
      'Check. Cuba: Havana, said Havana, yes. Not asked: said Rome, no. 1 of 2 right.',
    );
    expect(rationale('List 2 tools.', 'axe, sofa', 'correct items')).toBe(
      'Wanted tools. axe: tools, yes. sofa: unknown, no. 1 of 2 fit.',
    );
  });

  it.each(TEMPLATES)('score 1 when they say nothing: $family', (template) => {
    for (const nothing of ['', ' ', '.', '\n', 'Here: ', 'They are', 'It is .'])
      expect(score(fillTemplate(template), nothing, template.criterion)).toBe(1);
  });
});

describe('what is not of the micro language', () => {
  it.each([
    ['Why is the sky blue?', 'correct facts'],
    ['List 3 rivers.', 'correct items'],
    ['List 3 tools.', 'correct facts'],
    ['List 3 tools.', 'toString'],
    ['Name the capital of Atlantis.', 'correct facts'],
    ['Name the capital of France, Atlantis.', 'correct facts'],
    ['What is 4 * 7?', 'correct answer'],
    ['', ''],
  ])('has no truth: %s (%s)', (instruction, criterion) => {
    expect(grade(instruction, 'apple', criterion)).toBeNull();
  });
});

describe('any text', () => {
  const words = fc.constantFrom(
    'apple', 'Paris', 'Here:', 'They are', 'It is', 'and', ',', '.', '\n', '=', '-3', '12', 'shut up', 'sofa', '**', '😀',
  ); // prettier-ignore
  const answer = fc.oneof(fc.string({ unit: 'binary' }), fc.array(words).map((parts) => parts.join(' '))); // prettier-ignore

  it('gets a whole score from 1 to 5 as an answer to a micro instruction', () => {
    const template = fc.constantFrom(...TEMPLATES);
    fc.assert(
      fc.property(template, answer, (asked, response) => {
        const truth = grade(fillTemplate(asked), response, asked.criterion)!;
        expect([1, 2, 3, 4, 5]).toContain(truth.score);
        expect(rationaleOf(truth)).not.toMatch(/undefined|NaN/);
      }),
      { numRuns: 3000 },
    );
  });

  it('never makes the oracle throw, whatever is asked', () => {
    const criterion = fc.oneof(fc.string(), fc.constantFrom(...FAMILIES.map((family) => family.criterion)));
    fc.assert(
      fc.property(fc.string(), answer, criterion, (instruction, response, asked) => {
        grade(instruction, response, asked);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('items with a reference', () => {
  it('keep it, as a part of their identity', () => {
    const content = { instruction: 'What is 4 + 7?', response: '11', criterion: 'correct answer' };
    const [without, having] = [gradedItem(content), gradedItem({ ...content, reference: '11' })] as Item[];
    expect(having).toEqual({ ...without, id: having!.id, reference: '11' });
    expect(having!.id).not.toBe(without!.id);
  });
});
