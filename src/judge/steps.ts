import { eventLoopYielder, nextTurn } from './event-loop.ts';

/**
 * Long work that may be interrupted between its steps, each of which takes a few milliseconds at most. Steps are joined by
 * `yield*`, and done either way with the same result: all at once, or in slices on a page that must stay awake.
 */
export type Steps<Result> = Generator<void, Result, void>;

/** Does all steps without a pause. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Does the steps a few at a time, and lets the event loop turn before the first one and between slices. */
export async function inSlices<Result>(steps: Steps<Result>): Promise<Result> {
  await nextTurn();
  const yieldToEventLoop = eventLoopYielder();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await yieldToEventLoop();
  }
}

/** `list.map(of)`, an entry a step. */
export function* mapped<Entry, Value>(list: readonly Entry[], of: (entry: Entry) => Value): Steps<Value[]> {
  const values: Value[] = [];
  for (const entry of list) {
    values.push(of(entry));
    yield;
  }
  return values;
}
