import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { judgeEngine } from '../../../src/app/state/engine/engine.svelte.ts';
import { Judging } from '../../../src/app/state/judging/judging.svelte.ts';
import { EngineLostError } from '../../../src/harness/engine-loss.ts';
import type { Engine } from '../../../workers/protocol.ts';
import { harmWorkers, healWorkers, hurt } from '../workers/harmed-workers.ts';
import { LONG } from '../../long.ts';

beforeAll(() => {
  // The page finds its judge beside itself; here the page is the test runner's.
  const base = document.createElement('base');
  base.href = '/';
  document.head.append(base);
});

// A choice is remembered in this origin, which other tests share.
afterAll(() => localStorage.removeItem('judge-playground.backend'));

afterEach(() => {
  judgeEngine.end();
  healWorkers();
});

const ITEM = {
  id: 'tools',
  instruction: 'List 3 tools.',
  response: 'saw, file, drill',
  criterion: 'right count',
};

/** A call that takes longer than a test does. */
function busy(engine: Engine): Promise<unknown> {
  const prompt = Int32Array.from({ length: 200 }, (_, i) => 20 + i);
  const tasks = Array.from({ length: 500 }, (_, key) => ({ key, prompt, samples: [0, 1, 2, 3] }));
  return engine.generate(
    tasks,
    { temperature: 1, topP: 1, maxTokens: 200, seed: 1, round: 0 },
    () => undefined,
  );
}

const lossOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => (error instanceof EngineLostError ? error.loss : error),
  );

test('a lost engine is opened again by itself, with what was open on it', async () => {
  harmWorkers('throws');
  const { judge, release } = await judgeEngine.hold('a test');
  const { hash } = judge.engine.model;
  const { tensors } = await judge.engine.memory();
  const call = lossOf(busy(judge.engine));
  await vi.waitFor(() => expect(judgeEngine.status).toBe('working'));
  hurt();
  expect(await call).toBe('worker-crashed');
  release();
  await vi.waitFor(() => expect(judgeEngine.status).toBe('lost'));
  expect(judgeEngine.engine).toBeNull();
  expect(judgeEngine.loss?.loss).toBe('worker-crashed');
  healWorkers();
  await vi.waitFor(() => expect(judgeEngine.status).toBe('ready'), 30_000);
  const next = await judgeEngine.hold('a test');
  expect(next.judge).not.toBe(judge);
  expect(next.judge.engine.model.hash).toBe(hash);
  // Nothing is left of the engine before, and nothing is missing.
  expect((await next.judge.engine.memory()).tensors).toBe(tensors);
  next.release();
  expect(judgeEngine.loss).toBeNull();
});

test('a judgment by hand is asked again, and comes', async () => {
  harmWorkers('throws');
  await judgeEngine.ready();
  const judging = new Judging();
  const judged = judging.judge(ITEM);
  await vi.waitFor(() => expect(judging.status).not.toBe('waiting'));
  hurt();
  healWorkers();
  await vi.waitFor(() => expect(judging.again).toBe(true));
  await judged;
  expect(judging.status).toBe('done');
  expect(judging.judgment?.text).not.toBe('');
});

test('an engine that cannot be opened is tried four times, then the page says what to do', async () => {
  harmWorkers('does not start');
  expect(await lossOf(judgeEngine.reopen())).toBe('worker-crashed');
  expect(judgeEngine.status).toBe('failed');
  expect(judgeEngine.failure?.actions).toEqual(['load-again']);
});

test('who cancels while it is made ready leaves at once, and ends it when nobody else waits', async () => {
  harmWorkers('hangs at once');
  const [first, second] = [new AbortController(), new AbortController()];
  const waits = [first, second].map(({ signal }) => judgeEngine.ready(signal));
  waits.forEach((wait) => void wait.catch(() => undefined));
  await vi.waitFor(() => expect(judgeEngine.opening).toBe(true));
  first.abort();
  await expect(waits[0]).rejects.toThrow('aborted');
  expect(judgeEngine.opening).toBe(true);
  second.abort();
  await expect(waits[1]).rejects.toThrow('aborted');
  await vi.waitFor(() => expect(judgeEngine.status).toBe('closed'));
  healWorkers();
  await judgeEngine.ready();
  expect(judgeEngine.status).toBe('ready');
});

test.runIf(LONG)(
  'an engine that is ended rejects what waits for it, and is not opened before it is needed',
  async () => {
    const judge = await judgeEngine.ready();
    const call = lossOf(busy(judge.engine));
    judgeEngine.end();
    expect(await call).toBe('ended');
    expect(judgeEngine.status).toBe('closed');
    expect((await judgeEngine.ready()).engine).not.toBe(judge.engine);
  },
);

test('work in the background makes way, and is ended where it does not', async () => {
  const background = new AbortController();
  const behind = await judgeEngine.hold('Measuring', { background });
  const call = lossOf(busy(behind.judge.engine)).finally(behind.release);
  const start = performance.now();
  const front = judgeEngine.hold('Sampling');
  await vi.waitFor(() => expect(background.signal.aborted).toBe(true));
  // It does not listen.
  expect(await call).toBe('ended');
  expect(performance.now() - start).toBeLessThan(2000);
  const { judge, release } = await front;
  expect(judge).toBe(judgeEngine.judge);
  expect(judgeEngine.holder).toBe('Sampling');
  release();
});

test('who stops waiting for a turn leaves the line', async () => {
  const release = await judgeEngine.claim('first');
  const stop = new AbortController();
  const second = judgeEngine.claim('second', { signal: stop.signal });
  const third = judgeEngine.claim('third');
  stop.abort();
  await expect(second).rejects.toThrow('aborted');
  release();
  (await third)();
  expect(judgeEngine.holder).toBeNull();
});
