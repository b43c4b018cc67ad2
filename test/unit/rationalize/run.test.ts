import { describe, expect, it } from 'vitest';
import type { Score } from '../../../src/judge/item.ts';
import { nanoPoint } from '../../../src/judge/protocols/nano.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import type { RunEvent } from '../../../src/rationalize/events.ts';
import { Job } from '../../../src/harness/job.ts';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { sampleScope } from '../../../src/rationalize/records.ts';
import type { Results } from '../../../src/rationalize/results.ts';
import { rationalize } from '../../../src/rationalize/run.ts';
import type { RationalizeOptions } from '../../../src/rationalize/options.ts';
import { letters, ScriptedEngine, scriptedItems } from '../harness/scripted-engine.ts';

const settings = presetSettings('standard', {
  itemsPerRound: 30, samples: 4, heldoutItems: 40, batchSize: 4, warmupSteps: 2,
}); // prettier-ignore
const items = {
  train: scriptedItems('train', 70),
  validation: scriptedItems('validation', 20),
  heldout: scriptedItems('heldout', 60),
};

function options(more: Partial<RationalizeOptions> = {}): RationalizeOptions {
  return {
    engine: new ScriptedEngine(),
    tokenizer: letters,
    items,
    settings,
    store: new MemoryStore(),
    runId: 'run',
    ...more,
  };
}

/** Results without what depends on the clock. */
function timeless(results: Results | null): unknown {
  const drop = new Set(['seconds', 'tokensPerSecond', 'snapshotShare']);
  return JSON.parse(JSON.stringify(results, (key, value: unknown) => (drop.has(key) ? undefined : value)));
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const unbroken = timeless(await rationalize(options()));

describe('a run', () => {
  it('makes the judge better, says so with intervals, and tests itself at the first step', async () => {
    const results = (await rationalize(options()))!;
    const [first, second] = results.rounds;
    expect(results.before.items).toBe(40);
    expect(results.before.accuracy).toBeLessThan(0.6);
    expect(second!.accuracy).toBeGreaterThan(results.before.accuracy + 0.2);
    expect(second!.difference.mean).toBeCloseTo(second!.accuracy - results.before.accuracy, 12);
    expect(second!.difference.low).toBeGreaterThan(0);
    expect(first!.selfTest).toMatchObject({ passed: true, margin: 0 });
    expect(first!.selfTest!.loss).toBeCloseTo(Math.LN2, 6);
    expect(first!.sentence).toContain('points');
    expect(first!.steps).toBe(Math.ceil(first!.pairs / 4));
  });

  it('is the same run every time, and another one for another seed', async () => {
    expect(timeless(await rationalize(options()))).toEqual(unbroken);
    expect(timeless(await rationalize(options({ settings: { ...settings, seed: 2 } })))).not.toEqual(
      unbroken,
    );
  });

  it('evaluates the seed judge once for all runs that begin with it', async () => {
    const store = new MemoryStore();
    await rationalize(options({ store }));
    const engine = new ScriptedEngine();
    await rationalize(options({ store, engine, runId: 'other' }));
    const seedRows = engine.drawn.filter((row) => row.startsWith('0/'));
    // The second run's own judges are the same ones here, so nothing greedy is drawn at all.
    expect(seedRows).toEqual([]);
  });

  it('keeps the reference at the seed judge when told to', async () => {
    const results = (await rationalize(options({ settings: { ...settings, reference: 'seed' } })))!;
    expect(results.rounds[0]!.selfTest!.passed).toBe(true);
    expect(results.rounds[1]!.selfTest!.passed).toBeNull();
    expect(results.rounds[1]!.selfTest!.margin).not.toBe(0);
  });

  it('counts items that are too long instead of cutting them', async () => {
    const long = { ...items.heldout[0]!, id: 'long', response: 'worth 3 '.repeat(80) };
    const results = (await rationalize(options({ items: { ...items, heldout: [long, ...items.heldout] } })))!;
    expect(results.tooLong).toEqual({ train: 0, heldout: 1 });
  });

  it('refuses to run on nothing, and to go on as another run', async () => {
    await expect(rationalize(options({ items: { ...items, train: [] } }))).rejects.toThrow(/training items/);
    const store = new MemoryStore();
    await rationalize(options({ store, until: { round: 0, stage: 'before' } }));
    await expect(rationalize(options({ store, settings: { ...settings, beta: 1 } }))).rejects.toThrow(/beta/);
  });
});

describe('a run that is continued', () => {
  async function begun(): Promise<MemoryStore> {
    const store = new MemoryStore();
    await rationalize(options({ store, until: { round: 0, stage: 'before' } }));
    return store;
  }

  it('says which part of its items changed, and stores nothing', async () => {
    const store = await begun();
    const [first, ...rest] = items.train;
    const relabelled = [{ ...first!, score: ((first!.score! % 5) + 1) as Score }, ...rest];
    const go = (more: Partial<typeof items>) => rationalize(options({ store, items: { ...items, ...more } }));
    await expect(go({ train: relabelled })).rejects.toThrow(/of the 70 training items some/);
    await expect(go({ train: rest })).rejects.toThrow(/70 training items and now there are 69/);
    await expect(go({ heldout: items.heldout.toReversed() })).rejects.toThrow(/60 held-out items some/);
    expect(await store.rounds('run')).toEqual([]);
  });

  it('is not asked by another protocol', async () => {
    const store = await begun();
    const protocol = { ...nanoPoint, id: 'another' };
    await expect(rationalize(options({ store, protocol }))).rejects.toThrow(/nano-point.*another/);
  });

  it('goes on where it was stored before items were recorded, and records them', async () => {
    const store = await begun();
    const { items: _, ...old } = (await store.run('run'))!;
    await store.putRun(old);
    expect(timeless(await rationalize(options({ store })))).toEqual(unbroken);
    expect((await store.run('run'))!.items!.heldout.count).toBe(60);
  });

  it('lists the versions of the app that worked on it, each once', async () => {
    const store = new MemoryStore();
    const until = { round: 0, stage: 'before' } as const;
    const go = async (appVersion: string) => {
      await rationalize(options({ store, until, appVersion }));
      const { appVersion: first, versions = [] } = (await store.run('run'))!;
      return [first, ...versions.map(({ version }) => version)];
    };
    expect(await go('0.1.0')).toEqual(['0.1.0', '0.1.0']);
    expect(await go('0.1.0')).toEqual(['0.1.0', '0.1.0']);
    expect(await go('0.2.0')).toEqual(['0.1.0', '0.1.0', '0.2.0']);
    // Records of before have the first version only.
    const { versions: _, ...old } = (await store.run('run'))!;
    await store.putRun(old);
    expect(await go('0.3.0')).toEqual(['0.1.0', '0.1.0', '0.3.0']);
  });
});

describe('an interrupted run', () => {
  /** Aborts after `count` events, then starts again on the same store with a new engine, as a reload does. */
  async function interruptedAfter(count: number): Promise<{ results: Results | null; rows: string[] }> {
    const store = new MemoryStore();
    const first = new ScriptedEngine();
    const abort = new AbortController();
    let seen = 0;
    const onEvent = (event: RunEvent) => {
      if (event.type !== 'progress' && ++seen === count) abort.abort();
    };
    await rationalize(options({ store, engine: first, signal: abort.signal, onEvent })).catch(() => {});
    const second = new ScriptedEngine();
    const results = await rationalize(options({ store, engine: second }));
    return { results, rows: [...first.drawn, ...second.drawn] };
  }

  it.each([1, 5, 60, 101, 120, 135, 140, 150, 160, 200, 240, 260])(
    'goes on after event %i',
    async (count) => {
      const { results } = await interruptedAfter(count);
      expect(timeless(results)).toEqual(unbroken);
    },
  );

  it('asks again only for the item that was not finished', async () => {
    const whole = new ScriptedEngine();
    await rationalize(options({ engine: whole }));
    const { rows } = await interruptedAfter(120);
    expect(rows.length - whole.drawn.length).toBeLessThan(settings.samples);
    expect(new Set(rows)).toEqual(new Set(whole.drawn));
  });

  it('continues training from its checkpoint', async () => {
    const store = new MemoryStore();
    const first = new ScriptedEngine(turn);
    const job: Job<Results | null> = new Job((control) =>
      rationalize(options({ store, engine: first, control, onEvent: pauseAtStep(3, () => job) })),
    );
    await until(() => job.state === 'paused');
    await until(async () => (await store.trainingState('run', 1)) !== undefined);
    const { step } = (await store.trainingState('run', 1))!;
    // The page is closed here: the first job is simply forgotten.
    const second = new ScriptedEngine();
    expect(timeless(await rationalize(options({ store, engine: second })))).toEqual(unbroken);
    const steps = (unbroken as Results).rounds.reduce((sum, round) => sum + round.steps, 0);
    expect(second.steps).toBe(steps - step);
  });
});

function pauseAtStep(step: number, job: () => { pause(): void }) {
  return (event: RunEvent) => {
    if (event.type === 'step' && event.record.step === step) job().pause();
  };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 4000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('What was waited for did not happen.');
    await turn();
  }
}

describe('a job', () => {
  it('draws nothing while paused, and ends as if it had never been', async () => {
    const engine = new ScriptedEngine(turn);
    const job = new Job((control) => rationalize(options({ engine, control })));
    await until(() => job.progress?.stage === 'sample' && job.progress.done >= 5);
    job.pause();
    await turn();
    await turn();
    const drawn = engine.drawn.length;
    for (let i = 0; i < 20; i++) await turn();
    expect(engine.drawn.length).toBe(drawn);
    expect(job.state).toBe('paused');
    job.resume();
    expect(timeless(await job.result)).toEqual(unbroken);
    expect(job.state).toBe('done');
  });

  it('reports speed and time left, and every state', async () => {
    const states: string[] = [];
    const job = new Job((control) => rationalize(options({ control })));
    job.subscribe(({ state, progress }) => {
      states.push(state);
      if (progress) expect(progress.done).toBeLessThanOrEqual(progress.total);
      if (progress && progress.done === progress.total) expect(progress.secondsLeft ?? 0).toBe(0);
    });
    await job.result;
    expect(states.at(-1)).toBe('done');
    expect(job.progress).toMatchObject({ stage: 'evaluate', round: 2, done: 40, total: 40 });
  });

  it.each(['before', 'sample', 'train', 'evaluate'])(
    'can be cancelled during %s, leaving no training behind',
    async (stage) => {
      const engine = new ScriptedEngine(turn);
      const job = new Job((control) => rationalize(options({ engine, control })));
      await until(() => job.progress?.stage === stage && job.progress.done > 0);
      job.cancel();
      await expect(job.result).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
      expect(job.state).toBe('cancelled');
      expect(job.error).toBeNull();
      expect(engine.training).toBe(false);
    },
  );

  it('can be cancelled while paused', async () => {
    const job = new Job((control) => rationalize(options({ engine: new ScriptedEngine(turn), control })));
    await until(() => (job.progress?.done ?? 0) > 0);
    job.pause();
    await turn();
    job.cancel();
    await expect(job.result).rejects.toThrow();
    expect(job.state).toBe('cancelled');
  });

  it('fails with the error of its work', async () => {
    const engine = new ScriptedEngine();
    engine.dpoStep = () => Promise.reject(new Error('The device was lost.'));
    const job = new Job((control) => rationalize(options({ engine, control })));
    await expect(job.result).rejects.toThrow('The device was lost.');
    expect(job.state).toBe('failed');
    expect(engine.training).toBe(false);
  });
});

it('stops when training diverges, and keeps the judge from before', async () => {
  const engine = new ScriptedEngine();
  const step = engine.dpoStep.bind(engine);
  engine.dpoStep = async (...given) => ({ ...(await step(...given)), loss: engine.steps > 3 ? NaN : 0.5 });
  const store = new MemoryStore();
  await expect(rationalize(options({ engine, store }))).rejects.toThrow(/diverged at step 4/);
  expect(engine.training).toBe(false);
  expect((await store.round('run', 1))!.policyOut).toBeNull();
});

describe('what a run stores', () => {
  it('shows a judgment only after it is stored', async () => {
    const store = new MemoryStore();
    const stored = store.putItemJudgments.bind(store);
    store.putItemJudgments = async (scope, judgments) => {
      await turn();
      await stored(scope, judgments);
    };
    let checks = 0;
    const onEvent = (event: RunEvent) => {
      if (event.type !== 'judgments') return;
      checks++;
      void store.judgedItems(event.scope).then((judged) => expect(judged).toContain(event.itemId));
    };
    await rationalize(options({ store, onEvent }));
    expect(checks).toBeGreaterThan(100);
  });

  it('stops when a judgment cannot be stored', async () => {
    const store = new MemoryStore();
    store.putItemJudgments = () => Promise.reject(new Error('The disk is full.'));
    await expect(rationalize(options({ store }))).rejects.toThrow('The disk is full.');
  });

  it('stops before training to let a person decide, and trains on what they decided', async () => {
    const store = new MemoryStore();
    expect(await rationalize(options({ store, until: { round: 1, stage: 'pairs' } }))).toBeNull();
    const pairs = (await store.pairs('run', 1)).flatMap((item) => item.pairs);
    expect(pairs.length).toBeGreaterThan(10);
    await store.decide('run', 1, pairs[0]!.key, 'drop');
    await store.decide('run', 1, pairs[1]!.key, 'flip');
    const results = (await rationalize(options({ store, until: { round: 1, stage: 'evaluate' } })))!;
    expect(results.rounds).toHaveLength(1);
    expect(results.rounds[0]!.pairs).toBe(pairs.length - 1);
  });

  it('says what to do when every pair was dropped', async () => {
    const store = new MemoryStore();
    await rationalize(options({ store, until: { round: 1, stage: 'pairs' } }));
    for (const { key } of (await store.pairs('run', 1)).flatMap((item) => item.pairs))
      await store.decide('run', 1, key, 'drop');
    await expect(rationalize(options({ store }))).rejects.toThrow(/no preference pairs/);
  });

  it('trains again after its training was discarded, from the same samples', async () => {
    const store = new MemoryStore();
    await rationalize(options({ store }));
    await store.discardTraining('run', 1);
    expect(await store.rounds('run')).toHaveLength(1);
    const engine = new ScriptedEngine();
    expect(timeless(await rationalize(options({ store, engine })))).toEqual(unbroken);
    expect(engine.drawn.filter((row) => row.startsWith('1/'))).toEqual([]);
  });

  it('keeps curves, snapshots, ids and policies', async () => {
    const store = new MemoryStore();
    const results = (await rationalize(options({ store })))!;
    const steps = await store.steps('run', 1);
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1));
    expect(steps).toHaveLength(results.rounds[0]!.steps);
    const [snapshot] = await store.snapshots('run', 1);
    expect(snapshot).toMatchObject({ step: 0 });
    expect(snapshot!.itemIds).toHaveLength(12);
    expect(snapshot!.probabilities.slice(0, 5).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    const [judgment] = await store.judgments(sampleScope('run', 1));
    const [tokens] = await store.tokens([judgment!.id]);
    expect(tokens!.ids.length).toBe(tokens!.logprobs.length);
    expect(await store.policy(results.rounds[1]!.policy)).toMatchObject({ kind: 'full' });
    expect(await store.trainingState('run', 1)).toBeUndefined();
  });
});
