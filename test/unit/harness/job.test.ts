import { describe, expect, it } from 'vitest';
import { EngineLostError } from '../../../src/harness/engine-loss.ts';
import { Job, type JobControl } from '../../../src/harness/job.ts';

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Work that listens to nobody, until what it works with is taken away. */
function deaf() {
  let end = () => {};
  const gone = new Promise<never>((_, reject) => (end = () => reject(new EngineLostError('ended'))));
  gone.catch(() => {});
  return { gone, end: () => end() };
}

/** Milliseconds until the promise is settled. */
async function milliseconds(promise: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await promise.catch(() => {});
  return performance.now() - started;
}

describe.concurrent('Pause and Cancel hold within a second', () => {
  it('ends work that does not stop by itself', async () => {
    const { gone, end } = deaf();
    const job = new Job(() => gone, end);
    await after(0);
    job.cancel();
    expect(await milliseconds(job.result)).toBeLessThan(1000);
    expect([job.state, job.error]).toEqual(['cancelled', null]);
  });

  it('gives up work that does not even notice that its engine is gone', async () => {
    const job = new Job(() => new Promise<never>(() => {}));
    await after(0);
    job.cancel();
    expect(await milliseconds(job.result)).toBeLessThan(1000);
    expect(job.state).toBe('cancelled');
  });

  it('leaves work alone that rests in time, and work that saves on its way to rest', async () => {
    let ended = 0;
    let saved = 0;
    const work = async (control: JobControl) => {
      await after(100);
      await control.ready(async () => {
        await after(1200);
        saved++;
      });
    };
    const job = new Job(work, () => ended++);
    await after(10);
    job.pause();
    expect(job.state).toBe('paused');
    await after(1500);
    expect([ended, saved]).toEqual([0, 1]);
    job.resume();
    await job.result;
    expect(job.state).toBe('done');
  });

  it('ends nothing after a resume in time', async () => {
    let ended = 0;
    const job = new Job(
      () => after(1200),
      () => ended++,
    );
    await after(0);
    job.pause();
    await after(100);
    job.resume();
    await job.result;
    expect(ended).toBe(0);
  });
});

it('says who took it away', async () => {
  const job = new Job((control) => control.interruptible(() => after(50)).then(() => control.ready()));
  await after(0);
  job.cancel(new Error('Taken over.'));
  await expect(job.result).rejects.toThrow('Taken over.');
  expect(job.state).toBe('failed');
  expect(job.error).toEqual(new Error('Taken over.'));
});

it('counts the seconds that it was not paused', async () => {
  const job = new Job((control) => after(50).then(() => control.ready()));
  await after(0);
  job.pause();
  await after(400);
  expect(job.workedSeconds).toBeLessThan(0.2);
  job.resume();
  await job.result;
});
