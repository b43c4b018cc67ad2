import { binomialDistribution, sum } from 'simple-statistics';

/** Of the judge's own kind of tasks, held-out ones, it flags at most this share (test/browser/harness/familiarity.test.ts). */
const FALSE_ALARMS = 0.02;

/** Whether so many of those read are foreign that false alarms alone would give as many in less than one of 20 cases. */
export function moreThanFalseAlarms(foreign: number, read: number): boolean {
  if (foreign === 0) return false;
  const chances = binomialDistribution(read, FALSE_ALARMS) ?? [];
  return 1 - sum(chances.slice(0, foreign)) < 0.05;
}
