import { expect, test } from 'vitest';
import { Bench } from '../../../bench/bench.ts';
import type { Cost, Race } from '../../../bench/case.ts';
import { Unavailable, type Contender } from '../../../bench/contender.ts';
import { textTable } from '../../../bench/report.ts';
import { measureCase, reached } from '../../../bench/rows.ts';
import { median, spread } from '../../../bench/statistics.ts';

/** Answers with the next of the rates each time; the first is the warm-up's. */
const running = (rates: number[], log: string[], name: string) => async (): Promise<Contender> => ({
  given: name,
  measure: async () => {
    log.push(name);
    return rates.shift()!;
  },
  close: async () => void log.push(`${name} closed`),
});

const missing = async (): Promise<Contender> => {
  throw new Unavailable('There is no such peer here.');
};

const race = (log: string[], peers: Race['peers']): Race => ({
  name: 'work',
  work: 'Some work',
  unit: 'tokens/s',
  ours: running([1, 10, 30, 20, 20, 20], log, 'ours'),
  peers,
});

test('median and spread', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(spread([9, 10, 11])).toBeCloseTo(0.2);
  expect(() => median([])).toThrow(RangeError);
});

test('contenders warm up, take turns, and are closed; the row has the medians and the spread of the ratios', async () => {
  const log: string[] = [];
  const peer = { name: 'peer', target: 4, open: running([1, 5, 5, 5, 4, 5], log, 'peer') };
  const bench = new Bench(false, () => undefined);
  const [row] = await measureCase(bench, race(log, [peer]), () => true);
  expect(log).toEqual([...Array<string[]>(6).fill(['ours', 'peer']).flat(), 'ours closed', 'peer closed']);
  expect(row).toMatchObject({ name: 'work/peer', ours: 20, peer: 5, ratio: 4, target: 4 });
  expect(row!.spread).toBeCloseTo((6 - 2) / 4);
  expect(reached(row!)).toBe(true);
});

test('a peer that is not to be had leaves a row that says why, and the others go on', async () => {
  const log: string[] = [];
  const peers = [
    { name: 'absent', target: 2, open: missing },
    { name: 'peer', target: 2, open: running([1, 20, 20, 20, 20, 20], log, 'peer') },
  ];
  const rows = await measureCase(new Bench(false, () => undefined), race(log, peers), () => true);
  expect(rows[0]).toMatchObject({ ours: 20, peer: null, ratio: null, note: 'There is no such peer here.' });
  expect(rows[1]).toMatchObject({ ratio: 1 });
  expect(rows.map(reached)).toEqual([false, false]);
  expect(textTable(rows)).toContain('work/absent: There is no such peer here.');
});

test('a cost is held against the most that it may be', async () => {
  const cost: Cost = {
    name: 'time',
    work: 'Waiting',
    unit: 's',
    most: 2,
    ours: running([9, 1.5, 1.7], [], 'ours'),
  };
  const [row] = await measureCase(new Bench(true, () => undefined), cost, () => true);
  expect(row).toMatchObject({ ours: 1.5, peer: null, ratio: 1.5, target: 2, lowerIsBetter: true });
  expect(reached(row!)).toBe(true);
});
