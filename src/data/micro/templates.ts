/** Instructions with editable slots, for the page: tasks of the kind that the embedded judge has learnt. */
import { CAPITALS, CATEGORY_NAMES, LETTERS, OPPOSITES, YOUNG_ANIMALS, type FactTable } from './words.ts';

/** A part of an instruction that may be changed. `options` are the values that the judge knows. */
export interface Slot {
  name: string;
  value: string;
  /** Known values; empty where any small number or known word does. */
  options: readonly string[];
}

/** `text` holds each slot's name in braces: "List {count} {category}." */
export interface Template {
  family: string;
  criterion: string;
  text: string;
  slots: readonly Slot[];
  /** A response to begin with, imperfect where that makes judging interesting. */
  response: string;
}

const CATEGORY: Slot = { name: 'category', value: 'fruits', options: CATEGORY_NAMES };
const count = (value: string): Slot => ({ name: 'count', value, options: ['2', '3', '4', '5'] });
const words = (value: string): Slot => ({ name: 'words', value, options: [] });
const known = (name: string, value: string, facts: FactTable): Slot => ({
  name,
  value,
  options: facts.map(([key]) => key),
});

/** One template for each family, in the order of the families' table. */
export const TEMPLATES: readonly Template[] = [
  {
    family: 'list: correct items',
    criterion: 'correct items',
    text: 'List {count} {category}.',
    slots: [count('3'), CATEGORY],
    response: 'apple, drill, plum',
  },
  {
    family: 'list: right count',
    criterion: 'right count',
    text: 'List {count} {category}.',
    slots: [count('3'), CATEGORY],
    response: 'apple, pear, plum, melon',
  },
  {
    family: 'list: no repeats',
    criterion: 'no repeats',
    text: 'List {count} {category}.',
    slots: [count('4'), CATEGORY],
    response: 'apple, pear, apple, plum',
  },
  {
    family: 'list: right letter',
    criterion: 'right letter',
    text: 'List {count} words with {letter}.',
    slots: [count('3'), { name: 'letter', value: 'b', options: LETTERS }],
    response: 'bear, boat, cat',
  },
  {
    family: 'capitals',
    criterion: 'correct facts',
    text: 'Name the capital of {first}, {second}.',
    slots: [known('first', 'France', CAPITALS), known('second', 'Japan', CAPITALS)],
    response: 'Paris, Beijing',
  },
  {
    family: 'opposites',
    criterion: 'correct facts',
    text: 'Give the opposite of {first}, {second}.',
    slots: [known('first', 'hot', OPPOSITES), known('second', 'early', OPPOSITES)],
    response: 'cold, late',
  },
  {
    family: 'young animals',
    criterion: 'correct facts',
    text: 'Name the young of {first}, {second}.',
    slots: [known('first', 'dog', YOUNG_ANIMALS), known('second', 'cow', YOUNG_ANIMALS)],
    response: 'puppy, kitten',
  },
  {
    family: 'arithmetic',
    criterion: 'correct answer',
    text: 'What is {left} + {right}?',
    slots: [
      { name: 'left', value: '4', options: [] },
      { name: 'right', value: '7', options: [] },
    ],
    response: 'It is 12.',
  },
  {
    family: 'sorting',
    criterion: 'correct order',
    text: 'Sort {numbers}.',
    slots: [{ name: 'numbers', value: '12 3 25 8', options: [] }],
    response: '3 8 25 12',
  },
  {
    family: 'required words',
    criterion: 'uses every word',
    text: 'Write a sentence with {words}.',
    slots: [words('goat, tram, hat')],
    response: 'I saw a goat and a hat.',
  },
  {
    family: 'forbidden words',
    criterion: 'avoids words',
    text: 'Write a sentence without {words}.',
    slots: [words('goat, tram')],
    response: 'I saw a tram and a hat.',
  },
  {
    family: 'word limit',
    criterion: 'within limit',
    text: 'Describe {thing} in at most {limit} words.',
    slots: [
      { name: 'thing', value: 'a goat', options: [] },
      { name: 'limit', value: '5', options: ['4', '5', '6', '7'] },
    ],
    response: 'the goat is big and calm.',
  },
  {
    family: 'tone',
    criterion: 'polite tone',
    text: 'Reply to a customer.',
    slots: [],
    response: 'thanks, the order is late, sorry.',
  },
];

/** The instruction with its slots filled; slots that `values` leaves out keep their own value. */
export function fillTemplate(template: Template, values: Readonly<Record<string, string>> = {}): string {
  const valueOf = (slot: Slot) => values[slot.name] ?? slot.value;
  return template.slots.reduce(
    (text, slot) => text.replace(`{${slot.name}}`, () => valueOf(slot)),
    template.text,
  );
}
