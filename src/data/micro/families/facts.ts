import { rightForScore, scoreOfShare, type Family, type Grade } from '../family.ts';
import { itemsIn } from '../free-answer.ts';
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
          const said = sayFacts(draw, facts, asked, right);
          return { response: writeFacts(draw, said), ...gradeFacts(asked, said) };
        },
      };
    },
    grade(instruction, response) {
      const asked = readQuestion(instruction, question, facts);
      return asked && gradeFacts(asked, itemsIn(response));
    },
  };
}

/** The facts that are asked for; null for another question or an unknown key. */
function readQuestion(instruction: string, question: string, facts: FactTable): FactTable | null {
  if (!instruction.startsWith(`${question} `) || !instruction.endsWith('.')) return null;
  const keys = instruction.slice(question.length + 1, -1).split(', ');
  const asked = keys.map((key) => facts.find(([known]) => known === key));
  return asked.every((fact) => fact !== undefined) ? asked : null;
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

function writeFacts(random: RandomStream, said: readonly string[]): string {
  return `${random.pick(['', 'It is '])}${said.join(', ')}${random.chance(0.5) ? '.' : ''}`;
}

/** Place by place. A fact too many is wrong as well: guessing on must not pay. */
function gradeFacts(asked: FactTable, said: readonly string[]): Grade {
  const marks = asked.map(([, answer], i) =>
    answer.toLowerCase() === said[i]?.toLowerCase() ? 'yes' : 'no',
  );
  const checks = asked.map(
    ([key, answer], i) => ` ${key}: ${answer}, said ${said[i] ?? 'nothing'}, ${marks[i]}.`,
  );
  const extra = said.slice(asked.length).map((fact) => ` Not asked: said ${fact}, no.`);
  const right = marks.filter((mark) => mark === 'yes').length;
  const total = asked.length + extra.length;
  return {
    steps: `Check.${[...checks, ...extra].join('')}`,
    summary: `${right} of ${total} right.`,
    score: scoreOfShare(right, total),
  };
}
