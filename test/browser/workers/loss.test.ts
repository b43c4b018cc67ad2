import { afterEach, describe, expect, test } from 'vitest';
import type { EngineLostError } from '../../../src/harness/engine-loss.ts';
import { openEngine, type OpenEngineOptions } from '../../../workers/pool.ts';
import { PATIENCE } from '../../../workers/life-signs.ts';
import type { GenerateTask } from '../../../src/model/generate-task.ts';
import type { SupervisedExample } from '../../../src/train/supervised-example.ts';
import type { TrainingSettings } from '../../../src/train/training-settings.ts';
import { harmWorkers, healWorkers, hurt } from './harmed-workers.ts';
import type { Activity, Engine } from '../../../workers/protocol.ts';
import { LONG } from '../../long.ts';

/** What takes an engine away, each in real workers: the engine's own, with a hand in them that does harm. */
const MODEL = { name: 'llama', url: '/test/fixtures/models/llama/' };
const OPTIMIZER = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradNorm: 1,
};
const FULL: TrainingSettings = { lora: null, optimizer: OPTIMIZER, seed: 1 };
const SHORT = { times: 3, leastMs: 2000, lateMs: 500, startMs: 30_000 };

const engines: Engine[] = [];

afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
  healWorkers();
});

/** Opens an engine whose workers are harmed as `harm.ts` says, on `hurt`. */
async function open(harm: string, options: Partial<OpenEngineOptions> = {}): Promise<Engine> {
  harmWorkers(harm);
  const engine = await openEngine({
    backend: 'wasm',
    model: MODEL,
    workers: 2,
    patience: SHORT,
    ...options,
  });
  engines.push(engine);
  return engine;
}

/** A call that works for as long as the engine stands. */
function busy(engine: Engine): Promise<unknown> {
  const tasks: GenerateTask[] = Array.from({ length: 200 }, (_, key) => ({
    key,
    prompt: Int32Array.from({ length: 30 }, (_id, i) => (i === 0 ? 1 : 20 + ((key + i * 17) % 400))),
    samples: [0, 1, 2, 3, 4, 5, 6, 7],
  }));
  const sampling = { temperature: 1, topP: 1, maxTokens: 90, seed: 5, round: 1 };
  return engine.generate(tasks, sampling, () => undefined);
}

/** A batch whose activations do not fit into the heap that a worker begins with. */
function examples(): SupervisedExample[] {
  const ids = Int32Array.from({ length: 300 }, (_, i) => 20 + (i % 400));
  return Array.from({ length: 24 }, () => ({ ids, weights: new Float32Array(ids.length).fill(1) }));
}

async function lossOf(call: Promise<unknown>): Promise<EngineLostError> {
  const error = await call.then(
    () => new Error('The call was answered.'),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'EngineLostError' });
  return error as EngineLostError;
}

describe('a worker that fails', () => {
  test.each([
    ['an error that nobody catches', 'throws'],
    ['a rejected promise that nobody handles', 'rejects'],
  ])('%s ends the engine with all that waits for it', async (_what, harm) => {
    const engine = await open(harm);
    const calls = [busy(engine), engine.memory(), busy(engine)];
    // All workers at once: one loss.
    hurt();
    const losses = await Promise.all(calls.slice(0, 1).concat(calls.slice(2)).map(lossOf));
    expect(losses[0]?.loss).toBe('worker-crashed');
    expect(losses[0]?.detail).toContain('by a test');
    expect(losses[1]).toBe(losses[0]);
    expect(await engine.lost).toBe(losses[0]);
    expect(await lossOf(engine.memory())).toBe(losses[0]);
    await calls[1]?.catch(() => undefined);
  });

  test('a program that does not load', async () => {
    harmWorkers('does not start');
    const opened = openEngine({ backend: 'wasm', model: MODEL, workers: 2 });
    expect((await lossOf(opened)).loss).toBe('worker-crashed');
  });

  test.runIf(LONG)('in training, where the others wait for its gradients', async () => {
    const engine = await open('throws');
    await engine.startTraining(FULL);
    const step = engine.supervisedStep(examples(), 1e-3);
    hurt(1);
    expect((await lossOf(step)).loss).toBe('worker-crashed');
  });
});

describe('a worker that is silent', () => {
  test('is given three times as long as it said, and ten seconds at least', () => {
    expect(PATIENCE).toMatchObject({ times: 3, leastMs: 10_000 });
  });

  test.each([['ends itself', 'ends'], ...(LONG ? [['hangs', 'hangs'] as const] : [])] as const)(
    'when it %s: shown as stalled, then lost',
    async (_what, harm) => {
      const seen: Activity[] = [];
      const engine = await open(harm, { onActivity: (activity) => seen.push(activity) });
      const call = busy(engine);
      hurt(1);
      const loss = await lossOf(call);
      expect(loss.loss).toBe('worker-silent');
      expect(seen.slice(-2)).toEqual(['working', 'stalled']);
    },
  );

  test.runIf(LONG)('while nobody asks anything of it', async () => {
    const engine = await open('ends', { workers: 1 });
    hurt();
    expect((await engine.lost).loss).toBe('worker-silent');
  });

  test('is not one that works for long, or that waits for the page', async () => {
    const engine = await open('', { workers: 1 });
    const call = engine.generate(
      [{ key: 0, prompt: Int32Array.of(1, 20), samples: [0] }],
      { temperature: 1, topP: 1, maxTokens: 4, seed: 5, round: 1 },
      () => {
        // A page that is frozen for longer than a worker may be silent.
        const end = performance.now() + 1.5 * SHORT.leastMs;
        while (performance.now() < end);
      },
    );
    await expect(call).resolves.toMatchObject({ promptTokens: 2 });
    await new Promise((resolve) => setTimeout(resolve, SHORT.leastMs));
    await expect(engine.memory()).resolves.toBeDefined();
  });
});

describe('memory', () => {
  test('a WASM heap that does not grow any more', async () => {
    const engine = await open('heap full');
    await engine.startTraining(FULL);
    hurt();
    expect((await lossOf(engine.supervisedStep(examples(), 1e-3))).loss).toBe('wasm-memory');
  });
});

describe('a graphics device', () => {
  test.each([
    ['that is destroyed', 'device destroyed', 'device-lost'],
    ['that reports that it has no memory', 'out of memory', 'gpu-memory'],
    ['that refuses a buffer', 'no buffers', 'gpu-memory'],
  ])('%s', async (_what, harm, loss) => {
    const engine = await open(harm, { backend: 'webgpu', patience: PATIENCE });
    hurt();
    expect((await lossOf(busy(engine))).loss).toBe(loss);
  });
});

describe('opening', () => {
  test('is ended by its signal within a second, whatever it is doing', async () => {
    harmWorkers('hangs at once');
    const stop = new AbortController();
    const opened = openEngine({ backend: 'wasm', model: MODEL, workers: 2, signal: stop.signal });
    opened.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const start = performance.now();
    stop.abort();
    await expect(opened).rejects.toThrow(DOMException);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
