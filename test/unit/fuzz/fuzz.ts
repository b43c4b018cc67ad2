/**
 * Fuzzing by mutation, one entry a parser: whatever comes, it is refused in words or taken whole, soon, and what was taken
 * comes back the same.
 */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { secondsSince } from '../model/formats/cpu-time.ts';
import { mutated, mutatedBytes } from './mutations.ts';
import { LONG } from '../../long.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type ErrorType = new (...given: never[]) => Error;

export interface Parser<Input extends string | Bytes, Value> {
  name: string;
  /** Inputs that are taken; what is tried is made of them. */
  seeds: readonly Input[];
  read: (input: Input) => Value | Promise<Value>;
  /** Our errors; every other one is a fault of the parser. None for a parser that never throws. */
  refusals: readonly ErrorType[];
  /** What was taken, written again: reading it gives the same. Without it, reading the input again must. */
  again?: (value: Value) => Input | Promise<Input>;
  /** What must hold of everything that is taken. */
  check?: (value: Value, input: Input) => void | Promise<void>;
  /** A checksum stands before the parser, so that what is taken of the mutations is taken by luck. */
  sealed?: boolean;
  /** Of one input, in this process's own time. */
  seconds?: number;
}

/** `JSON.stringify`, but for three numbers that it reads and does not write: −0, Infinity and −Infinity. */
export function toJson(value: unknown): string {
  const mark = '\uFFFF';
  const marked = (part: unknown): unknown => {
    if (Object.is(part, -0)) return `${mark}-0${mark}`;
    return part === Infinity || part === -Infinity ? `${mark}${part > 0 ? '' : '-'}1e999${mark}` : part;
  };
  const text = JSON.stringify(value, (_, part: unknown) => marked(part));
  return text.replaceAll(`"${mark}`, '').replaceAll(`${mark}"`, '');
}

/** A new seed each time: fast-check prints it, with the path to the case, where a property fails. */
const RUNS = LONG ? 5000 : 500;

/** Registers the tests of a parser. */
export function fuzz<Input extends string | Bytes, Value>(parser: Parser<Input, Value>): void {
  test(`${parser.name}: what it is made for is taken`, async () => {
    for (const seed of parser.seeds) expect(await outcome(parser, seed)).toBe('taken');
  });

  test(`${parser.name}: ${RUNS} mutations are taken whole or refused in words`, async () => {
    const input = (
      typeof parser.seeds[0] === 'string'
        ? mutated(parser.seeds as readonly string[])
        : mutatedBytes(parser.seeds as readonly Bytes[])
    ) as fc.Arbitrary<Input>;
    const counts = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(input, async (one) => {
        counts[await outcome(parser, one)]++;
      }),
      // Shrinking a case of 100,000 characters would take minutes: seed and path lead back to it.
      { numRuns: RUNS, endOnFailure: true },
    );
    // Mutations that never come past the first check would prove little.
    expect(counts.taken + counts.refused).toBeGreaterThanOrEqual(RUNS);
    if (!parser.sealed) expect(counts.taken).toBeGreaterThan(0);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
}

async function outcome<Input extends string | Bytes, Value>(
  parser: Parser<Input, Value>,
  input: Input,
): Promise<'taken' | 'refused'> {
  const start = process.cpuUsage();
  let value: Value;
  try {
    value = await parser.read(input);
  } catch (error) {
    if (!parser.refusals.some((type) => error instanceof type)) throw error;
    expect((error as Error).message).toMatch(/\w+ \w+/);
    return 'refused';
  } finally {
    expect(secondsSince(start), 'seconds of one input').toBeLessThan(parser.seconds ?? 2);
  }
  await parser.check?.(value, input);
  const again = parser.again ? await parser.again(value) : input;
  deepStrictEqual(await parser.read(again), value);
  return 'taken';
}
