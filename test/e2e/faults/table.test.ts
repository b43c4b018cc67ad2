import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from './compare.ts';
import { FAULTS } from './faults.ts';
import { runRecords, type RunRecords } from './records.ts';
import { SMALL_RUN } from './run.ts';
import { inSession } from './session.ts';
import { LAB, STAGES, uninterrupted } from './stages.ts';
import { LONG } from '../../long.ts';

const expected = new Map<string, RunRecords>();

/** The run that nothing interrupts, of the same settings and seed. */
async function uninterruptedRecords(ofLab: boolean): Promise<RunRecords> {
  return inSession({}, async (session) => {
    await uninterrupted(ofLab ? LAB : STAGES[1]!, session, SMALL_RUN);
    return runRecords(session.page);
  });
}

describe.runIf(LONG)('every fault at every stage', () => {
  beforeAll(async () => {
    expected.set('run', await uninterruptedRecords(false));
    expected.set('lab', await uninterruptedRecords(true));
  });

  describe.each(STAGES)('$name', (stage) => {
    test.each(FAULTS.filter(({ except = {} }) => !(stage.name in except)))(
      '$name: the work goes on, and ends as it would have',
      async (fault) => {
        await inSession({}, async (session) => {
          await fault.prepare?.(session);
          await stage.reach(session, SMALL_RUN);
          await fault.strike(session, stage);
          stage.release?.(session);
          await fault.afterwards?.(session.page);
          await stage.ended(session.page);
          expectSame(await runRecords(session.page), expected.get(stage === LAB ? 'lab' : 'run')!);
          expect(session.uncaught).toEqual([]);
        });
      },
    );
  });
});
