/** What the families that grade a list of words have in common: the words, and how a list is written. */
import type { RandomStream } from '../random.ts';
import { CATEGORY_NAMES, NOUNS, membersOf } from '../words.ts';

export interface ListTask {
  category: string;
  asked: number;
  instruction: string;
}

/** "List 4 tools." with a random category and a count in [low, high]. */
export function askForList(random: RandomStream, low: number, high: number): ListTask {
  const category = random.pick(CATEGORY_NAMES);
  const asked = random.between(low, high);
  const verb = random.pick(['List', 'Name']);
  return { category, asked, instruction: `${verb} ${asked} ${category}.` };
}

const LIST_INSTRUCTION = /^(?:List|Name) (\d{1,4}) ([a-z]+)\.$/;

/** What such an instruction asks for; null when it is none, or names an unknown category. */
export function readListTask(instruction: string): Omit<ListTask, 'instruction'> | null {
  const [, asked, category] = LIST_INSTRUCTION.exec(instruction) ?? [];
  if (!category || !CATEGORY_NAMES.includes(category)) return null;
  return { category, asked: Number(asked) };
}

/** A list as an answer writes it. */
export function writeList(random: RandomStream, words: readonly string[]): string {
  const lead = random.pick(['', 'Here: ', 'They are ']);
  return `${lead}${words.join(', ')}${random.chance(0.5) ? '.' : ''}`;
}

/** `count` different words, `fitting` of them members of the category (at most nine), shuffled. */
export function drawMembers(
  random: RandomStream,
  category: string,
  count: number,
  fitting: number,
): string[] {
  const members = membersOf(category);
  const others = NOUNS.filter((word) => !members.includes(word));
  return random.shuffled([...random.sample(members, fitting), ...random.sample(others, count - fitting)]);
}
