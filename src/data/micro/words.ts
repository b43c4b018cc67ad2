/**
 * The little world that the embedded judge knows. About 220 words, so that a 1.7 M-parameter model can learn
 * each one's category, first letter and facts from a few million tokens.
 */

/** Nine members of each category; no word stands in two categories. */
export const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  animals: ['cat', 'dog', 'cow', 'horse', 'goat', 'lion', 'bear', 'wolf', 'fox'],
  fruits: ['apple', 'pear', 'plum', 'grape', 'lemon', 'mango', 'cherry', 'melon', 'peach'],
  colors: ['red', 'blue', 'green', 'yellow', 'black', 'white', 'pink', 'gray', 'brown'],
  tools: ['hammer', 'spade', 'drill', 'axe', 'rake', 'shovel', 'wrench', 'ladder', 'chisel'],
  clothes: ['shirt', 'coat', 'hat', 'sock', 'dress', 'scarf', 'boot', 'vest', 'belt'],
  drinks: ['tea', 'milk', 'water', 'juice', 'wine', 'beer', 'soda', 'cocoa', 'coffee'],
  sports: ['golf', 'tennis', 'soccer', 'hockey', 'rugby', 'polo', 'judo', 'cricket', 'boxing'],
  vehicles: ['car', 'bus', 'train', 'bike', 'boat', 'truck', 'plane', 'van', 'tram'],
};

export const CATEGORY_NAMES: readonly string[] = Object.keys(CATEGORIES);

/** Every listed word with its category. */
export const CATEGORY_OF: ReadonlyMap<string, string> = new Map(
  CATEGORY_NAMES.flatMap((category) => membersOf(category).map((word) => [word, category] as const)),
);

export const NOUNS: readonly string[] = [...CATEGORY_OF.keys()];

/** Nouns that one can see: "I saw a goat", but not "I saw a rugby". */
export const THINGS: readonly string[] = ['animals', 'fruits', 'tools', 'clothes', 'vehicles'].flatMap(
  membersOf,
);

/** First letters that at least four nouns share. */
export const LETTERS: readonly string[] = ['b', 'c', 'g', 'h', 'p', 's', 't', 'w'];

export const ADJECTIVES: readonly string[] = [
  'big', 'old', 'small', 'new', 'calm', 'rare', 'good', 'useful', 'common', 'nice', 'cheap', 'clean',
]; // prettier-ignore

export const POLITE_WORDS: readonly string[] = ['please', 'thanks', 'sorry', 'welcome', 'glad', 'kindly'];
export const RUDE_WORDS: readonly string[] = ['stupid', 'shut up', 'lazy', 'go away', 'nonsense', 'idiot'];
export const NEUTRAL_PHRASES: readonly string[] = [
  'the order is late', 'it comes today', 'we sent it', 'call us', 'the box is here', 'wait a day',
]; // prettier-ignore

/** The noun with its article. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** Question word → answer. Each answer belongs to one question word only. */
export type FactTable = readonly (readonly [string, string])[];

export const CAPITALS: FactTable = [
  ['Finland', 'Helsinki'], ['Sweden', 'Stockholm'], ['Norway', 'Oslo'], ['France', 'Paris'],
  ['Spain', 'Madrid'], ['Italy', 'Rome'], ['Greece', 'Athens'], ['Egypt', 'Cairo'],
  ['Kenya', 'Nairobi'], ['Japan', 'Tokyo'], ['China', 'Beijing'], ['India', 'Delhi'],
  ['Peru', 'Lima'], ['Cuba', 'Havana'], ['Russia', 'Moscow'], ['Germany', 'Berlin'],
]; // prettier-ignore

const OPPOSITE_PAIRS: FactTable = [
  ['hot', 'cold'], ['big', 'small'], ['fast', 'slow'], ['hard', 'soft'], ['loud', 'quiet'], ['old', 'new'],
  ['wet', 'dry'], ['rich', 'poor'], ['high', 'low'], ['full', 'empty'], ['early', 'late'], ['strong', 'weak'],
]; // prettier-ignore

/** Both directions: the opposite of hot is cold, and of cold is hot. */
export const OPPOSITES: FactTable = OPPOSITE_PAIRS.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);

export const YOUNG_ANIMALS: FactTable = [
  ['dog', 'puppy'], ['cat', 'kitten'], ['cow', 'calf'], ['horse', 'foal'], ['sheep', 'lamb'], ['pig', 'piglet'],
  ['goat', 'kid'], ['hen', 'chick'], ['bear', 'cub'], ['frog', 'tadpole'], ['deer', 'fawn'], ['swan', 'cygnet'],
]; // prettier-ignore

/** The words of one category; throws on a name that is not in the table. */
export function membersOf(category: string): readonly string[] {
  const members = CATEGORIES[category];
  if (!members) throw new RangeError(`No category named "${category}".`);
  return members;
}
