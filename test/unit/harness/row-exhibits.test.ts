import { expect, it } from 'vitest';
import { exhibitsByMark } from '../../../src/harness/row-exhibits.ts';
import { verdictRow } from '../evaluate/verdict-rows.ts';

const seen = (verdict: number | null, label: number, texts: [string, string][] = []) => ({
  row: verdictRow({ item: 'q1', judge: 'Ann', verdict, label }),
  texts,
});

it('shows what stands behind each mark, with its texts', () => {
  const { Ann } = exhibitsByMark([seen(null, 1, [['Question', 'Why?']]), seen(1, 1)], ({ judge }) => [
    judge!,
  ]);
  expect(Ann!.map(({ title }) => title)).toEqual(['Why?', 'q1']);
  expect(Ann![0]!.facts).toEqual([['Judge', 'Ann'], ['Verdict', 'not readable'], ['Label', '1']]); // prettier-ignore
});

it('stops at fifty, misses first, and says so', () => {
  const many = [...Array.from({ length: 80 }, () => seen(1, 1)), seen(0, 1)];
  const { all } = exhibitsByMark(many, () => ['all']);
  expect(all).toHaveLength(51);
  expect(all![0]!.facts).toContainEqual(['Verdict', '0']);
  expect(all![50]!.facts[0]![1]).toMatch(/^50 of 81 are shown.*\(1\)$/);
});
