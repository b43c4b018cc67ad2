import { expect, test } from 'vitest';
import { expectSame } from './compare.ts';
import { runRecords, type RunRecords } from './records.ts';
import { doneOf, ended, MIDDLE_RUN, startRun } from './run.ts';
import { inSession, type Session } from './session.ts';
import { SAMPLING, uninterrupted } from './stages.ts';
import type { WorkerFault } from './worker-prologue.ts';
import { LONG } from '../../long.ts';

/** What the run may take, from the press of the button on. */
const LIMIT_MS = 240_000;

let expected: RunRecords | null = null;

/** The run that nothing interrupts; once for both. */
async function uninterruptedRecords(): Promise<RunRecords> {
  expected ??= await inSession({}, async (session) => {
    await uninterrupted(SAMPLING, session, MIDDLE_RUN);
    return runRecords(session.page);
  });
  return expected;
}

/** Every worker of the engine is lost in the middle of sampling. */
async function losesEveryWorker(session: Session, fault: WorkerFault): Promise<void> {
  const { page } = session;
  await startRun(page, session.address, MIDDLE_RUN);
  const pressed = performance.now();
  await doneOf(page, 'Sampling rationales');
  await session.harmWorkers(fault);
  await ended(page, LIMIT_MS);
  expect(performance.now() - pressed).toBeLessThan(LIMIT_MS);
}

test.runIf(LONG).each([
  { how: 'throwing', fault: 'throws' },
  { how: 'ending in silence', fault: 'closes' },
] as const)(
  'with every worker $how while Run all samples, the run ends by itself with its results within four minutes',
  async ({ fault }) => {
    const records = await uninterruptedRecords();
    await inSession({}, async (session) => {
      await losesEveryWorker(session, fault);
      expectSame(await runRecords(session.page), records);
    });
  },
);
