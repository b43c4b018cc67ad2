import { random, shuffled } from '../../judge/random.ts';

/**
 * The draws that the generators make. A stream is named by its arguments alone: item 700 of a seed is the same
 * whether or not the 699 before it were drawn.
 */
export class RandomStream {
  readonly #next: () => number;

  constructor(...name: (string | number)[]) {
    this.#next = random('micro', ...name);
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.#next();
  }

  /** Uniform integer in [low, high], both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.uniform() < p;
  }

  /** One element, uniformly. Throws RangeError on an empty list. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('Cannot pick from an empty list.');
    return list[this.between(0, list.length - 1)] as T;
  }

  /** One element with probability in proportion to its weight. */
  weighted<T>(list: readonly T[], weight: (element: T) => number): T {
    const total = list.reduce((sum, element) => sum + weight(element), 0);
    let rest = this.uniform() * total;
    for (const element of list) {
      rest -= weight(element);
      if (rest < 0) return element;
    }
    return this.pick(list);
  }

  /** A shuffled copy. */
  shuffled<T>(list: readonly T[]): T[] {
    return shuffled(list, this.#next);
  }

  /** `count` different elements in random order; fewer when the list is shorter. */
  sample<T>(list: readonly T[], count: number): T[] {
    return this.shuffled(list).slice(0, count);
  }
}
