import { beforeAll, expect, test } from 'vitest';
import { story } from '../../../src/app/pages/start/story.svelte.ts';
import { storyItems } from '../../../src/app/pages/start/storyItems.ts';
import { judgeEngine } from '../../../src/app/state/engine/engine.svelte.ts';

beforeAll(() => {
  // The page finds its judge beside itself; here the page is the test runner's.
  const base = document.createElement('base');
  base.href = '/';
  document.head.append(base);
});

test('software WebGPU is not taken by itself, and the page says why', async () => {
  const { engine } = await judgeEngine.ready();
  expect(engine.device.backend).toBe('wasm');
  expect(judgeEngine.notice).toMatch(/software/);
});

test('the story has an item that the shipped judge gets wrong', async () => {
  await story.begin();
  expect(story.found).toBe(true);
  expect(story.judging.score).not.toBe(story.item?.score);
  expect(story.passed).toBeLessThan(storyItems().length);
});

test('asked again and again, the judge is right about it at least once, which makes a pair', async () => {
  await story.ask();
  expect(story.jury.status).toBe('done');
  const [chosen, rejected] = story.pair ?? [];
  expect(chosen?.verdict).toEqual({ kind: 'score', score: story.item?.score });
  expect(rejected?.verdict).not.toEqual(chosen?.verdict);
});

test('p(1…5) of the verdict is a distribution whose greatest is the score that was written', () => {
  const { probabilities, score } = story.judging;
  expect(probabilities?.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
  expect((probabilities?.indexOf(Math.max(...probabilities)) ?? -1) + 1).toBe(score);
});

test('two claims on the engine take turns', async () => {
  const order: string[] = [];
  const first = await judgeEngine.claim('first');
  const second = judgeEngine.claim('second').then((release) => {
    order.push(`second after ${order.at(-1)}`);
    release();
  });
  expect(judgeEngine.holder).toBe('first');
  order.push('first');
  first();
  await second;
  expect(order).toEqual(['first', 'second after first']);
  expect(judgeEngine.holder).toBeNull();
});
