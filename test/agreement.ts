import { expect, type TestContext } from 'vitest';

/** How far one quantity lies from what the reference implementation gives, at worst, and how far it may lie. */
export interface Difference {
  quantity: string;
  difference: number;
  bound: number;
  /** Of things that are equal or not: how many were compared. */
  of?: number;
}

/** What was compared: a fixture, and the backend (and its device) that computed it here; "any" where none takes part. */
export interface Subject {
  fixture: string;
  backend: string;
  device?: string;
}

declare module 'vitest' {
  interface TaskMeta {
    agreement?: (Subject & Difference)[];
  }
}

/**
 * Holds differences against their bounds. They are written to the test's record first, where `npm run results:agreement`
 * finds them whether or not they pass.
 */
export function expectAgreement(context: TestContext, subject: Subject, differences: Difference[]): void {
  record(context, subject, differences);
  expect(differences.filter((one) => !isWithinBound(one))).toEqual([]);
}

/** The same for things that are equal or not. @param different those that are not, of `of` that were compared */
export function expectAllEqual(
  context: TestContext,
  subject: Subject,
  quantity: string,
  different: unknown[],
  of: number,
): void {
  record(context, subject, [{ quantity, difference: different.length, bound: 0, of }]);
  expect(different).toEqual([]);
}

function record({ task }: TestContext, subject: Subject, differences: Difference[]): void {
  (task.meta.agreement ??= []).push(...differences.map((difference) => ({ ...subject, ...difference })));
  for (const { quantity, difference } of differences.filter((one) => one.difference !== 0))
    console.info(
      `${subject.fixture} on ${subject.backend}: ${quantity}: off by ${difference.toPrecision(2)}`,
    );
}

/** NaN is not. */
export const isWithinBound = ({ difference, bound }: Difference): boolean => difference <= bound;

/** Of each quantity the difference that comes nearest to its bound, or lies farthest beyond it; of equals the one bounded tightest. */
export function worstOfEach(differences: Difference[]): Difference[] {
  const worst = new Map<string, Difference>();
  for (const one of differences) {
    const before = worst.get(one.quantity);
    if (!before || isWorse(one, before)) worst.set(one.quantity, one);
  }
  return [...worst.values()];
}

function isWorse(one: Difference, other: Difference): boolean {
  const [share, otherShare] = [shareOfBound(one), shareOfBound(other)];
  return share > otherShare || (share === otherShare && one.bound < other.bound);
}

/** How much of its bound a difference takes; of one that is not a number, more than any. */
function shareOfBound({ difference, bound }: Difference): number {
  if (difference === 0) return 0;
  return Number.isNaN(difference) ? Infinity : difference / bound;
}

/** NaN where a value is. @throws AssertionError when there are not as many values here as there */
export function largestDifference(here: ArrayLike<number>, there: ArrayLike<number>): number {
  expect(here.length).toBe(there.length);
  let largest = 0;
  for (let i = 0; i < there.length; i++) {
    largest = Math.max(largest, Math.abs(here[i]! - there[i]!));
  }
  return largest;
}

/** Values that differ, place by place; a missing or an extra one counts, too. */
export function unequal<T>(
  here: ArrayLike<T>,
  there: ArrayLike<T>,
): { at: number; here: unknown; there: unknown }[] {
  const length = Math.max(here.length, there.length);
  const pairs = Array.from({ length }, (_, at) => ({ at, here: here[at], there: there[at] }));
  return pairs.filter((pair) => !Object.is(pair.here, pair.there));
}
