import { beforeAll, describe, expect, test } from 'vitest';
import { ENDLESS_GPU_FLAGS } from './browser-process.ts';
import { expectAlike } from './compare.ts';
import { CLOSES, GPU_FAULTS, HANGS, RELOAD, THROWS } from './faults.ts';
import { runRecords, type RunRecords } from './records.ts';
import { TINY_RUN } from './run.ts';
import { inSession } from './session.ts';
import { EVALUATION, MAKING_READY, SAMPLING, TRAINING, uninterrupted } from './stages.ts';
import { LONG } from '../../long.ts';

// WebGPU is SwiftShader here, a GPU emulated by the CPU: the smallest run, and only stages that use the device.

const OPTIONS = { engine: 'webgpu', flags: ENDLESS_GPU_FLAGS, query: '?backend=webgpu' } as const;

describe.runIf(LONG)('faults of the GPU', () => {
  let expected: RunRecords;
  beforeAll(async () => {
    expected = await inSession(OPTIONS, async (session) => {
      await uninterrupted(SAMPLING, session, TINY_RUN);
      return runRecords(session.page);
    });
  }, 600_000);

  describe.each([MAKING_READY, SAMPLING, TRAINING, EVALUATION])('$name', (stage) => {
    test.each([...GPU_FAULTS, RELOAD, THROWS, CLOSES, HANGS])(
      '$name: the run goes on, and its losses are those of an uninterrupted one',
      async (fault) => {
        await inSession(OPTIONS, async (session) => {
          await fault.prepare?.(session);
          await stage.reach(session, TINY_RUN);
          await fault.strike(session, stage);
          stage.release?.(session);
          await stage.ended(session.page);
          expectAlike(await runRecords(session.page), expected);
          expect(session.uncaught).toEqual([]);
        });
      },
    );
  });
});
