import { beforeAll, expect, test } from 'vitest';
import { expectSame } from './compare.ts';
import { KILLED, RELOAD, STORAGE_FULL, THROWS, type Fault } from './faults.ts';
import { runRecords, type RunRecords } from './records.ts';
import { QUICK_RUN } from './run.ts';
import { inSession } from './session.ts';
import { EVALUATION, SAMPLING, TRAINING, uninterrupted, type Stage } from './stages.ts';

// Four faults at one stage each; `table.test.ts` and the files beside it have all faults at all stages.

let expected: RunRecords;
beforeAll(async () => {
  expected = await inSession({}, async (session) => {
    await uninterrupted(SAMPLING, session, QUICK_RUN);
    return runRecords(session.page);
  });
});

async function survives(fault: Fault, stage: Stage): Promise<void> {
  await inSession({}, async (session) => {
    await fault.prepare?.(session);
    await stage.reach(session, QUICK_RUN);
    await fault.strike(session, stage);
    await fault.afterwards?.(session.page);
    await stage.ended(session.page);
    expectSame(await runRecords(session.page), expected);
    expect(session.uncaught).toEqual([]);
  });
}

test('a reload while training: the run goes on by itself and ends as it would have', () =>
  survives(RELOAD, TRAINING));

test('a browser that is killed while sampling: the run says so, goes on when asked, and ends as it would have', () =>
  survives(KILLED, SAMPLING));

test('a worker that throws while held-out items are judged: the run goes on by itself and ends as it would have', () =>
  survives(THROWS, EVALUATION));

test('storage that is full while training: the page asks for room, and the run goes on when there is some', () =>
  survives(STORAGE_FULL, TRAINING));
