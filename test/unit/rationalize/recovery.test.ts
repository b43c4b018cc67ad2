import { describe, expect, it } from 'vitest';
import { EngineLostError } from '../../../src/harness/engine-loss.ts';
import { Job } from '../../../src/harness/job.ts';
import {
  LostTooOftenError,
  lossesInARow,
  recovering,
  type RecordedLoss,
} from '../../../src/harness/recovery.ts';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import { sampleScope } from '../../../src/rationalize/records.ts';
import type { Results } from '../../../src/rationalize/results.ts';
import { rationalize } from '../../../src/rationalize/run.ts';
import { losingEngine, type Calls } from '../harness/losing-engine.ts';
import { letters, ScriptedEngine, scriptedItems } from '../harness/scripted-engine.ts';
import { LONG } from '../../long.ts';

const settings = presetSettings('quick', {
  rounds: 2, itemsPerRound: 10, samples: 3, heldoutItems: 12, batchSize: 4, warmupSteps: 2,
}); // prettier-ignore
const items = {
  train: scriptedItems('train', 25),
  validation: scriptedItems('validation', 6),
  heldout: scriptedItems('heldout', 15),
};

interface Outcome {
  results: unknown;
  store: MemoryStore;
  calls: Calls;
  losses: readonly RecordedLoss[];
}

/** A run whose engines are lost at these calls, each followed by a new one on the same store. */
async function runLosing(at: readonly number[], open = () => new ScriptedEngine()): Promise<Outcome> {
  const store = new MemoryStore();
  const calls: Calls = { made: 0, losses: new Set(at) };
  let losses: readonly RecordedLoss[] = [];
  const job: Job<Results | null> = new Job((control) =>
    recovering(
      {
        control,
        losses,
        place: () => job.progress,
        worked: () => job.workedSeconds,
        onLoss: (known) => (losses = known),
      },
      (known) =>
        rationalize({
          engine: losingEngine(open(), calls),
          tokenizer: letters,
          items,
          settings,
          store,
          runId: 'run',
          control,
          losses: known,
        }),
    ),
  );
  return { results: timeless(await job.result), store, calls, losses };
}

/** Results without what depends on the clock. */
function timeless(results: unknown): unknown {
  const drop = new Set(['seconds', 'tokensPerSecond', 'snapshotShare']);
  return JSON.parse(JSON.stringify(results, (key, value: unknown) => (drop.has(key) ? undefined : value)));
}

/** What a run leaves in its store, without what depends on the clock. */
async function stored(store: MemoryStore): Promise<unknown> {
  const rounds = await store.rounds('run');
  const parts = rounds.map(async ({ number, policyOut }) => ({
    judgments: await store.judgments(sampleScope('run', number)),
    pairs: await store.pairs('run', number),
    steps: await store.steps('run', number),
    training: await store.trainingState('run', number),
    policy: policyOut && (await store.policy(policyOut)),
  }));
  return timeless(await Promise.all(parts));
}

describe('a run whose engine is lost', async () => {
  const unbroken = await runLosing([]);
  const { made } = unbroken.calls;
  const expected = await stored(unbroken.store);

  it('ends as if nothing had happened, bit for bit, wherever the loss strikes', async () => {
    // Every call and every row of a run; in `npm test` sixteen of them.
    const stride = LONG ? 1 : Math.ceil(made / 16);
    for (let call = 1; call <= made; call += stride) {
      const { results, store, losses } = await runLosing([call]);
      expect(results, `lost at call ${call}`).toEqual(unbroken.results);
      expect(await stored(store), `lost at call ${call}`).toEqual(expected);
      expect(losses).toMatchObject([{ loss: 'worker-crashed' }]);
    }
  });

  it('is lost three times, and goes on; its record says how often and where', async () => {
    const { results, store } = await runLosing([5, 60, made]);
    expect(results).toEqual(unbroken.results);
    const { losses } = (await store.run('run'))!;
    expect(losses).toHaveLength(3);
    expect(losses).toMatchObject([{ stage: 'before' }, {}, { stage: 'evaluate', round: 2 }]);
    expect(losses![0]!.what).toContain('A worker of the engine failed.');
  });

  it('gives up after the fourth time, and says what to try', async () => {
    const failing = runLosing([5, 12, 20, 30]);
    await expect(failing).rejects.toThrow(LostTooOftenError);
    await expect(failing).rejects.toThrow(/4 times.*smaller batch.*CPU/);
  });
});

it('counts losses in a row: long work that went well forgives', () => {
  const loss = (worked: number): RecordedLoss => ({ when: 0, loss: 'device-lost', what: '', worked });
  expect(lossesInARow([])).toBe(0);
  expect(lossesInARow([loss(3), loss(20)])).toBe(2);
  expect(lossesInARow([loss(3), loss(20), loss(700)])).toBe(1);
  expect(lossesInARow([loss(700), loss(20)])).toBe(2);
});

it('does not count an engine that the page ended, and resumes with another', async () => {
  let [opened, ended] = [0, false];
  let lose = () => {};
  const job = new Job(
    (control) =>
      recovering(
        { control, losses: [], place: () => null, worked: () => 0, onLoss: () => expect.unreachable() },
        () =>
          ++opened > 1
            ? Promise.resolve('done')
            : new Promise<string>((_, reject) => (lose = () => reject(new EngineLostError('ended')))),
      ),
    () => {
      ended = true;
      lose();
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 0));
  job.pause();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect([opened, ended, job.state]).toEqual([1, true, 'paused']);
  job.resume();
  expect(await job.result).toBe('done');
});

it('evaluates all of a run on the backend that it ends on, and says what it was on', async () => {
  const engines = (backends: string[]) => () =>
    Object.assign(new ScriptedEngine(), {
      device: { backend: backends.length > 1 ? backends.shift() : backends[0], device: 'script', workers: 1 },
    });
  const whole = await runLosing([], engines(['wasm']));
  // Lost at the last call: all rounds but the last one have results from WebGPU.
  const moved = await runLosing([whole.calls.made], engines(['webgpu', 'wasm']));
  expect(moved.results).toEqual(whole.results);
  const run = (await moved.store.run('run'))!;
  expect(run.devices!.map(({ backend }) => backend)).toEqual(['webgpu', 'wasm']);
  const rounds = await moved.store.rounds('run');
  expect(rounds.map(({ evaluatedOn }) => evaluatedOn)).toEqual(['wasm', 'wasm']);
});
