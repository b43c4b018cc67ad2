import { describe, expect, it } from 'vitest';
import { itemId } from '../../../src/judge/item-id.ts';
import type { Item, Score } from '../../../src/judge/item.ts';
import { SCRIPTED_COMPARERS, SCRIPTED_GRADERS, lenientGrader } from '../../../src/judge/scripted.ts';

function item(response: string, score?: Score, reference?: string): Item {
  const content = {
    instruction: 'Name the capital of Italy.',
    response,
    criterion: 'correct facts',
    ...(reference === undefined ? {} : { reference }),
  };
  return { id: itemId(content), ...content, ...(score === undefined ? {} : { score }) };
}

const many = (score: Score) => Array.from({ length: 4000 }, (_, i) => item(`Rome ${i}`, score));
const shareOf = <T>(list: readonly T[], wanted: T) =>
  list.filter((one) => one === wanted).length / list.length;

describe('scripted graders', () => {
  it('know the label, or nothing', () => {
    expect(SCRIPTED_GRADERS.content()(item('Rome', 4))).toBe(4);
    expect(SCRIPTED_GRADERS.content()(item('Rome'))).toBeNull();
  });

  it('raise as often as is said when lenient, by one and never past 5', () => {
    const graded = many(3).map(lenientGrader(1, 0.3));
    expect(new Set(graded)).toEqual(new Set([3, 4]));
    // Four standard errors of a share of .3 over 4,000.
    expect(Math.abs(shareOf(graded, 4) - 0.3)).toBeLessThan(0.029);
    expect(
      many(5)
        .map(lenientGrader(1, 1))
        .every((score) => score === 5),
    ).toBe(true);
    expect(lenientGrader(1, 1)(item('Rome'))).toBeNull();
  });

  it.each([
    ['rome.', 5, 5],
    ['It is Rome.', 1, 5],
    ['Romeo', 1, 1],
    ['', 1, 1],
  ] as const)('compare the words with the reference: %j', (response, exact, contains) => {
    expect(SCRIPTED_GRADERS.exact()(item(response, 5, 'Rome'))).toBe(exact);
    expect(SCRIPTED_GRADERS.contains()(item(response, 5, 'Rome'))).toBe(contains);
  });

  it('cannot compare without a reference', () => {
    expect(SCRIPTED_GRADERS.exact()(item('Rome', 5))).toBeNull();
    expect(SCRIPTED_GRADERS.contains()(item('Rome', 5))).toBeNull();
  });

  it('throw a fair coin, the same for the same item', () => {
    const items = many(1);
    const graded = items.map(SCRIPTED_GRADERS.coin(1));
    expect(Math.abs(shareOf(graded, 5) - 0.5)).toBeLessThan(0.032);
    expect(new Set(graded)).toEqual(new Set([1, 5]));
    expect(items.toReversed().map(SCRIPTED_GRADERS.coin(1)).toReversed()).toEqual(graded);
    expect(items.map(SCRIPTED_GRADERS.coin(2))).not.toEqual(graded);
  });

  it('love a manner', () => {
    const style = SCRIPTED_GRADERS['style-lover']();
    const texts = ['Here: Oslo', '', 'Rome', 'It is Rome', 'It is the city Rome', 'They are here: Rome'];
    expect(texts.map((text) => style(item(text)))).toEqual([5, 1, 1, 3, 4, 4]);
  });
});

describe('scripted comparers', () => {
  const better = item('Rome', 5);
  const worse = item('Here: Oslo', 1);

  it.each([
    ['content', 1, -1],
    ['style-lover', -1, 1],
    ['always-first', 1, 1],
    ['always-tie', 0, 0],
  ] as const)('%s', (name, inOrder, swapped) => {
    const compare = SCRIPTED_COMPARERS[name]();
    expect(compare([better, worse])).toBe(inOrder);
    expect(compare([worse, better])).toBe(swapped);
  });

  it('call equals a tie, and nothing where there is no truth', () => {
    expect(SCRIPTED_COMPARERS.content()([better, better])).toBe(0);
    expect(SCRIPTED_COMPARERS.content()([better, item('Oslo')])).toBeNull();
  });

  it('throw an independent coin for each order: right in both orders a quarter of the time', () => {
    const coin = SCRIPTED_COMPARERS.coin(1);
    const right = many(1).map((other) => coin([better, other]) === 1 && coin([other, better]) === -1);
    expect(Math.abs(shareOf(right, true) - 0.25)).toBeLessThan(0.028);
  });
});
