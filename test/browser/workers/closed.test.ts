import { expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { openEngine } from '../../../workers/pool.ts';

const MODEL = { name: 'llama', url: '/test/fixtures/models/llama/' };
const open = () => openEngine({ backend: 'wasm', workers: 2, model: MODEL });

/** Listeners of the page that are not garbage: an engine's workers and ports have some. */
async function listeners(): Promise<number> {
  // Comlink lets go of a port once a finalizer has run, which comes after a collection.
  for (let i = 0; i < 4; i++) {
    await cdp().send('HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return (await cdp().send('Memory.getDOMCounters')).jsEventListeners;
}

async function openAndClose(): Promise<void> {
  (await open()).close();
}

test('of an engine that is closed nothing is left in the page', async () => {
  await cdp().send('HeapProfiler.enable');
  await openAndClose();
  const before = await listeners();
  for (let i = 0; i < 3; i++) await openAndClose();
  expect(await listeners()).toBe(before);
});

test('of an engine that is closed at work nothing is left in the page', async () => {
  const sampling = { temperature: 1, topP: 1, maxTokens: 64, seed: 1, round: 0 };
  const closeAtWork = async () => {
    const engine = await open();
    const task = { key: 0, prompt: new Int32Array([1, 2, 3]), samples: [0, 1, 2, 3] };
    const run = engine.generate([task, task], sampling, () => undefined, { onToken: () => engine.close() });
    // Not `rejects`: Vitest would keep the promise, and with it the engine, until the test ends.
    const message = await run.then(
      () => 'done',
      (error: unknown) => String(error),
    );
    expect(message).toContain('EngineLostError');
  };
  await closeAtWork();
  const before = await listeners();
  for (let i = 0; i < 3; i++) await closeAtWork();
  expect(await listeners()).toBe(before);
});
