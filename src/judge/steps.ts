import { eventLoopYielder, nextTurn } from './event-loop.ts';

/**
 * Long work that may be interrupted between its steps, each of which takes a few milliseconds at most. Steps are joined by
 * `yield*`, and done either way with the same result: all at once, or in slices on a page that must stay awake. A step may
 * report how far the work is.
 */
export type Steps<Result, Report = void> = Generator<Report, Result, void>;

/** Does all steps without a pause. */
export function atOnce<Result>(steps: Steps<Result, unknown>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Does the steps a few at a time, and lets the event loop turn before the first one and between slices.
 * @param onReport is told what each step reports, so it must be quick
 */
export async function inSlices<Result, Report = void>(
  steps: Steps<Result, Report>,
  onReport: (report: Report) => void = () => {},
): Promise<Result> {
  await nextTurn();
  const yieldToEventLoop = eventLoopYielder();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    onReport(step.value);
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
