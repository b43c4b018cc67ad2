import { random } from '../judge/random.ts';

const FIRST = 'amber brave calm clear cosy crisp dapper eager early fair fleet fond gentle glad golden happy hazel honest jolly keen kind lively lucky mellow merry mild neat noble patient proud quick quiet rapid rosy shiny silver steady sunny swift tidy vivid warm wise witty young'; // prettier-ignore
const SECOND = 'acorn badger beacon birch brook canyon cedar cliff comet crane delta ember falcon fern finch fjord garnet glacier harbor heron ibis island juniper lagoon lark lichen maple marten meadow nebula orchid otter pebble pine plover quartz raven reef river robin sparrow spruce summit thicket tulip valley willow wren'; // prettier-ignore

/** A run's two-word name: the same for the same id. */
export function twoWordName(id: string): string {
  const next = random(id, 'name');
  const pick = (words: string) => words.split(' ')[Math.floor(next() * words.split(' ').length)]!;
  return `${pick(FIRST)} ${pick(SECOND)}`;
}
