import { rightForScore, scoreOfShare, type Family, type GradedAnswer } from '../family.ts';
import type { RandomStream } from '../random.ts';
import { CAPITALS, OPPOSITES, YOUNG_ANIMALS, type FactTable } from '../words.ts';

/** Is each fact right? The judge has to know the facts: nothing in the prompt tells it. */
function factFamily(name: string, question: string, facts: FactTable, weight: number): Family {
  return {
    name,
    criterion: 'correct facts',
    rule: '1 + 4 × the share of facts that are right, rounded',
    weight,
    ask(random, size) {
      const asked = random.sample(facts, random.between(2, size === 'small' ? 3 : 4));
      return {
        instruction: `${question} ${asked.map(([key]) => key).join(', ')}.`,
        answer(draw, target) {
          const right = rightForScore(draw, asked.length, target);
          return gradeFacts(draw, asked, sayFacts(draw, facts, asked, right));
        },
      };
    },
  };
}

export const capitals = factFamily('capitals', 'Name the capital of', CAPITALS, 7);
export const opposites = factFamily('opposites', 'Give the opposite of', OPPOSITES, 6);
export const youngAnimals = factFamily('young animals', 'Name the young of', YOUNG_ANIMALS, 5);

/** Answers to the asked facts, `right` of them right, the others taken from elsewhere in the table. */
function sayFacts(random: RandomStream, facts: FactTable, asked: FactTable, right: number): string[] {
  const rightPlaces = new Set(random.sample([...asked.keys()], right));
  return asked.map(([key, answer], place) =>
    rightPlaces.has(place)
      ? answer
      : random.pick(facts.filter(([other, said]) => other !== key && said !== key))[1],
  );
}

function gradeFacts(random: RandomStream, asked: FactTable, said: readonly string[]): GradedAnswer {
  const marks = asked.map(([, answer], i) => (answer === said[i] ? 'yes' : 'no'));
  const right = marks.filter((mark) => mark === 'yes').length;
  return {
    response: `${random.pick(['', 'It is '])}${said.join(', ')}${random.chance(0.5) ? '.' : ''}`,
    steps: `Check.${asked.map(([key, answer], i) => ` ${key}: ${answer}, said ${said[i]}, ${marks[i]}.`).join('')}`,
    summary: `${right} of ${asked.length} right.`,
    score: scoreOfShare(right, asked.length),
  };
}
