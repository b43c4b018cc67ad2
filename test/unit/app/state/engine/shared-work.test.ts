import { expect, test } from 'vitest';
import { LoadingPace } from '../../../../../src/app/state/engine/loading-progress.ts';
import { SharedWork } from '../../../../../src/app/state/engine/shared-work.ts';

/** Work that ends when it is told to. */
function work() {
  let finish: (value: string) => void = () => undefined;
  let signal: AbortSignal | undefined;
  const shared = new SharedWork<string>((given) => {
    signal = given;
    return new Promise((resolve) => (finish = resolve));
  });
  return { shared, finish: (value: string) => finish(value), ended: () => signal?.aborted };
}

test('who leaves does not disturb the others; the work ends with the last one', async () => {
  const { shared, ended } = work();
  const [first, second] = [new AbortController(), new AbortController()];
  const waits = [shared.join(first.signal), shared.join(second.signal)];
  first.abort();
  await expect(waits[0]).rejects.toThrow('aborted');
  expect(ended()).toBe(false);
  second.abort();
  await expect(waits[1]).rejects.toThrow('aborted');
  expect(ended()).toBe(true);
  await expect(shared.result).rejects.toThrow('Nobody waits');
});

test('work that is done stays done', async () => {
  const { shared, finish, ended } = work();
  const wait = shared.join();
  finish('done');
  expect(await wait).toBe('done');
  shared.end(new Error('too late'));
  expect(await shared.join()).toBe('done');
  expect(ended()).toBe(false);
});

test('who waits for work that is ended gets the reason', async () => {
  const { shared } = work();
  const wait = shared.join();
  shared.end(new Error('ended by hand'));
  await expect(wait).rejects.toThrow('ended by hand');
});

test('loading tells its speed and what is left of it after a second', () => {
  const pace = new LoadingPace();
  expect(pace.follow('Loading', 0, 100, 0)).toMatchObject({ bytesPerSecond: null, secondsLeft: null });
  expect(pace.follow('Loading', 20, 100, 900)).toMatchObject({ bytesPerSecond: null, secondsLeft: null });
  expect(pace.follow('Loading', 40, 100, 2000)).toMatchObject({ bytesPerSecond: 20, secondsLeft: 3 });
  expect(pace.follow('Preparing', 0, 100, 2500)).toMatchObject({ secondsLeft: null });
});
