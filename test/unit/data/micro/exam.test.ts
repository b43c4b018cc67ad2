import { describe, expect, it } from 'vitest';
import { ExamError, FACT_FAMILIES, answeredItem, examQuestions } from '../../../../src/data/micro/exam.ts';
import { belongs } from '../../../../src/data/micro/items.ts';
import { itemId } from '../../../../src/judge/item-id.ts';
import { atOnce } from '../../../../src/judge/steps.ts';

const questions = atOnce(examQuestions('heldout', 1, 300));

describe('exam questions', () => {
  it('are different, and come from every family of facts', () => {
    expect(new Set(questions.map(({ id }) => id)).size).toBe(300);
    expect(new Set(questions.map(({ family }) => family))).toEqual(new Set(FACT_FAMILIES));
  });

  it('are the same for the same seed, and a longer exam begins with a shorter one', () => {
    expect(atOnce(examQuestions('heldout', 1, 40))).toEqual(questions.slice(0, 40));
    expect(atOnce(examQuestions('heldout', 2, 40))).not.toEqual(questions.slice(0, 40));
  });

  it('have a held-out reference that is fully right', () => {
    for (const question of questions) {
      expect(answeredItem(question, question.reference).score).toBe(5);
      expect(belongs('heldout', question, { response: question.reference })).toBe(true);
    }
  });

  it('have references in bare words', () => {
    for (const { reference } of questions) expect(reference).not.toMatch(/^(Here|They|It|The) |[.:=]/);
  });

  it('can be asked of some families only', () => {
    const families = ['capitals', 'tone'];
    const asked = atOnce(examQuestions('train', 1, 4, families)).map(({ family }) => family);
    expect(asked.every((family) => families.includes(family))).toBe(true);
  });

  it('end, in words, where the world has no more of them', () => {
    expect(() => atOnce(examQuestions('heldout', 1, 100, ['list: correct items']))).toThrow(ExamError);
    expect(() => atOnce(examQuestions('heldout', 1, 1, ['rivers']))).toThrow(/no family "rivers"/);
  });
});

describe('an answered question', () => {
  const question = {
    id: 'q',
    instruction: 'Name the capital of France, Japan.',
    criterion: 'correct facts',
    family: 'capitals',
    reference: 'Paris, Tokyo',
  };

  it('is an item with its truth', () => {
    expect(answeredItem(question, 'Paris, Rome')).toEqual({
      id: itemId({ ...question, response: 'Paris, Rome' }),
      instruction: question.instruction,
      response: 'Paris, Rome',
      criterion: 'correct facts',
      reference: 'Paris, Tokyo',
      family: 'capitals',
      score: 3,
      rationale: 'Check. France: Paris, said Paris, yes. Japan: Tokyo, said Rome, no. 1 of 2 right.',
      slip: false,
    });
  });

  it('has no truth outside the micro language', () => {
    expect(() => answeredItem({ ...question, instruction: 'Why?' }, 'So.')).toThrow(ExamError);
  });
});
