import { describe, expect, it } from 'vitest';
import type { Score } from '../../../../src/judge/item.ts';
import { rationaleOf, type GradedAnswer } from '../../../../src/data/micro/family.ts';
import { FAMILIES } from '../../../../src/data/micro/families/table.ts';
import { RandomStream } from '../../../../src/data/micro/random.ts';
import { TEMPLATES, fillTemplate } from '../../../../src/data/micro/templates.ts';

/** Many answers of one family, with their instructions. */
function answersOf(name: string): { instruction: string; answer: GradedAnswer }[] {
  const family = FAMILIES.find((candidate) => candidate.name === name)!;
  return Array.from({ length: 300 }, (_, index) => {
    const random = new RandomStream('test', name, index);
    const task = family.ask(random, index % 3 === 0 ? 'small' : 'normal');
    return { instruction: task.instruction, answer: task.answer(random, ((index % 5) + 1) as Score) };
  });
}

const wordsOf = (text: string) => text.replace(/^(Here: |They are |It is )|\.$/g, '').split(', ');
const figure = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);

// Each claim is checked against the texts alone, by other means than the generator's.
describe('what the rationales claim is so', () => {
  it('right count: counts the items that are given', () => {
    for (const { instruction, answer } of answersOf('list: right count')) {
      const given = wordsOf(answer.response).length;
      expect(answer.summary).toBe(`Off by ${Math.abs(given - figure(instruction, /(\d+)/))}.`);
    }
  });

  it('no repeats: counts what was said before', () => {
    for (const { answer } of answersOf('list: no repeats')) {
      const words = wordsOf(answer.response);
      expect(answer.summary).toBe(`Repeats: ${words.length - new Set(words).size}.`);
    }
  });

  it('right letter: counts the words that begin with it', () => {
    for (const { instruction, answer } of answersOf('list: right letter')) {
      const words = wordsOf(answer.response);
      const fit = words.filter((word) => word.startsWith(instruction.at(-2)!)).length;
      expect(answer.summary).toBe(`${fit} of ${words.length} fit.`);
    }
  });

  it('word limit: counts the words', () => {
    for (const { instruction, answer } of answersOf('word limit')) {
      const over = answer.response.split(' ').length - figure(instruction, /(\d+) words/);
      expect(answer.summary).toBe(`Over by ${Math.max(0, over)}.`);
    }
  });

  it('arithmetic: computes', () => {
    for (const { instruction, answer } of answersOf('arithmetic')) {
      const [, left, sign, right] = /(\d+) ([+-]) (\d+)/.exec(instruction)!;
      const result = Number(left) + (sign === '+' ? 1 : -1) * Number(right);
      expect(answer.summary).toBe(`Off by ${Math.abs(figure(answer.response, /(\d+)\.?$/) - result)}.`);
    }
  });

  it('sorting: compares with the sorted numbers', () => {
    for (const { instruction, answer } of answersOf('sorting')) {
      const sorted = instruction.match(/\d+/g)!.map(Number).sort((a, b) => a - b); // prettier-ignore
      const right = answer.response.split(' ').filter((number, i) => Number(number) === sorted[i]).length;
      expect(answer.summary).toBe(`${right} of ${sorted.length} in place.`);
    }
  });

  it.each([
    ['required words', (used: number, asked: number) => `${used} of ${asked} used.`],
    ['forbidden words', (used: number) => `Used: ${used}.`],
  ])('%s: looks for each word', (name, summary) => {
    for (const { instruction, answer } of answersOf(name)) {
      const words = instruction.replace(/^.* (with|without) |\.$/g, '').split(', ');
      const used = words.filter((word) => new RegExp(`\\b${word}\\b`).test(answer.response)).length;
      expect(answer.summary).toBe(summary(used, words.length));
    }
  });
});

describe('slips', () => {
  it('leave the steps alone and write the last figures as if they were right', () => {
    const answers = ['list: right count', 'word limit'].flatMap(answersOf).map(({ answer }) => answer);
    for (const { slip, score } of answers) {
      expect(slip === undefined).toBe(score === 5);
      if (slip) expect(slip).toEqual({ summary: expect.stringMatching(/ by 0\.$/), score: 5 });
    }
  });
});

describe('templates', () => {
  it('stand for every family, under its criterion', () => {
    const named = ({ name, criterion }: { name: string; criterion: string }) => [name, criterion];
    expect(TEMPLATES.map(({ family, criterion }) => [family, criterion])).toEqual(FAMILIES.map(named));
  });

  it('fill every slot', () => {
    for (const template of TEMPLATES) expect(fillTemplate(template)).not.toMatch(/[{}]/);
    expect(fillTemplate(TEMPLATES[0]!, { count: '5', category: 'tools' })).toBe('List 5 tools.');
  });
});

describe('rationales', () => {
  it('stay short enough for a small judge', () => {
    const lengths = FAMILIES.flatMap(({ name }) => answersOf(name)).map(
      ({ answer }) => rationaleOf(answer).length,
    );
    expect(Math.max(...lengths)).toBeLessThan(260);
  });
});
