import { afterEach, describe, expect, test } from 'vitest';
import { dpoWithSft } from '../../../src/train/loss-settings.ts';
import { openEngine } from '../../../workers/pool.ts';
import type { Completion } from '../../../src/model/completion.ts';
import type { GenerateTask } from '../../../src/model/generate-task.ts';
import type { PairExample } from '../../../src/train/pair-example.ts';
import type { TrainingSettings } from '../../../src/train/training-settings.ts';
import type { Engine } from '../../../workers/protocol.ts';

const MODEL = { name: 'llama', url: '/test/fixtures/models/llama/' };
const SAMPLING = { temperature: 1, topP: 1, maxTokens: 24, seed: 5, round: 1 };
const OPTIMIZER = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradNorm: 1,
};
const FULL: TrainingSettings = { lora: null, optimizer: OPTIMIZER, seed: 1 };
const DPO = dpoWithSft(0.1, 1);

const engines: Engine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

async function open(workers: number): Promise<Engine> {
  const engine = await openEngine({ backend: 'wasm', model: MODEL, workers });
  engines.push(engine);
  return engine;
}

/** Prompts of different lengths and content. */
function tasks(count: number): GenerateTask[] {
  return Array.from({ length: count }, (_, key) => ({
    key,
    prompt: Int32Array.from({ length: 5 + ((key * 7) % 23) }, (_id, i) =>
      i === 0 ? 1 : 20 + ((key * 31 + i * 17) % 500),
    ),
    samples: [0, 1, 2],
  }));
}

/** "key/sample" → ids. */
async function sample(
  engine: Engine,
  list: GenerateTask[],
  sampling = SAMPLING,
): Promise<Map<string, Completion>> {
  const rows = new Map<string, Completion>();
  await engine.generate(list, sampling, (row) => rows.set(`${list[row.task]?.key}/${row.sample}`, row));
  return rows;
}

function idsOf(rows: Map<string, Completion>): Record<string, number[]> {
  return Object.fromEntries([...rows].toSorted().map(([name, { ids }]) => [name, [...ids]]));
}

function pairs(count: number): PairExample[] {
  return tasks(count).map(({ prompt }, i) => ({
    prompt,
    chosen: Int32Array.from([40 + i, 41, 42, 2]),
    rejected: Int32Array.from([60 + i, 61, 2]),
    referenceChosen: -20,
    referenceRejected: -15,
  }));
}

describe('sampling', () => {
  test('gives the same tokens in another order, in other batches and on more workers', async () => {
    const one = await open(1);
    const whole = idsOf(await sample(one, tasks(30)));
    expect(Object.keys(whole)).toHaveLength(90);
    expect(idsOf(await sample(one, tasks(30).toReversed()))).toEqual(whole);
    const halves = [await sample(one, tasks(30).slice(0, 11)), await sample(one, tasks(30).slice(11))];
    expect(idsOf(new Map(halves.flatMap((rows) => [...rows])))).toEqual(whole);
    expect(idsOf(await sample(await open(2), tasks(30)))).toEqual(whole);
  });

  test('another seed, another round, another sample: other tokens', async () => {
    const engine = await open(1);
    const first = idsOf(await sample(engine, tasks(3)));
    expect(idsOf(await sample(engine, tasks(3), { ...SAMPLING, seed: 6 }))).not.toEqual(first);
    expect(idsOf(await sample(engine, tasks(3), { ...SAMPLING, round: 2 }))).not.toEqual(first);
    expect(first['0/0']).not.toEqual(first['0/1']);
  });

  test('stores log-probabilities of the untempered distribution, as the training pass computes them', async () => {
    const engine = await open(2);
    const list = tasks(4);
    const rows = [...(await sample(engine, list, { ...SAMPLING, temperature: 0.5, topP: 0.9 })).values()];
    const recomputed = await engine.sequenceLogprobs(
      rows.map(({ task, ids }) => ({ prompt: list[task]?.prompt as Int32Array, completion: ids })),
    );
    rows.forEach(({ logprobs }, i) => {
      logprobs.forEach((value, j) => expect(value).toBeCloseTo(recomputed[i]?.[j] as number, 3));
    });
  });

  test('stops when it is cancelled, and works again afterwards', async () => {
    const engine = await open(2);
    const controller = new AbortController();
    let rows = 0;
    const long = { ...SAMPLING, maxTokens: 400 };
    const running = engine.generate(
      tasks(200),
      long,
      () => {
        rows++;
        controller.abort();
      },
      { signal: controller.signal },
    );
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(rows).toBeLessThan(600);
    expect((await sample(engine, tasks(2))).size).toBe(6);
  });
});

describe('training', () => {
  const steps = async (engine: Engine, batches: PairExample[][]) => {
    const losses: number[] = [];
    for (const batch of batches) losses.push((await engine.dpoStep(batch, DPO, 1e-3)).loss);
    return losses;
  };
  const batches = [pairs(6), pairs(5).toReversed(), pairs(3), pairs(6)];

  /** Every number of each step's log but the time it took. */
  const logOf = async (workers: number, settings: TrainingSettings) => {
    const engine = await open(workers);
    await engine.startTraining(settings);
    const log: number[][] = [];
    for (const batch of batches) {
      const { seconds: _, pairs: each, ...metrics } = await engine.dpoStep(batch, DPO, 1e-3);
      log.push([...Object.values(metrics), ...each.flatMap(({ chosen, rejected }) => [chosen, rejected])]);
    }
    return log.flat();
  };

  test.each([null, { rank: 4, alpha: 8 }])('one worker or two: the same log, LoRA %o', async (lora) => {
    const [alone, together] = [await logOf(1, { ...FULL, lora }), await logOf(2, { ...FULL, lora })];
    expect(together).toHaveLength(alone.length);
    together.forEach((value, i) => {
      const expected = alone[i] as number;
      expect(Math.abs(value - expected)).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)));
    });
  });

  test('a checkpoint goes on bit for bit', async () => {
    const engine = await open(1);
    await engine.startTraining(FULL);
    await steps(engine, batches.slice(0, 2));
    const checkpoint = await engine.checkpointTraining();
    const straight = await steps(engine, batches.slice(2));
    await engine.finishTraining();
    await engine.usePolicy({ kind: 'seed' });
    await engine.startTraining(FULL, checkpoint);
    expect(await steps(engine, batches.slice(2))).toEqual(straight);
  });

  test('leaves no tensor behind, and the seed judge comes back as it was', async () => {
    const engine = await open(2);
    const before = idsOf(await sample(engine, tasks(3)));
    const { tensors } = await engine.memory();
    for (const lora of [null, { rank: 4, alpha: 8 }]) {
      await engine.startTraining({ ...FULL, lora });
      await steps(engine, batches);
      const policy = await engine.finishTraining();
      expect(policy.kind).toBe(lora ? 'lora' : 'full');
      const trained = idsOf(await sample(engine, tasks(3)));
      expect(trained).not.toEqual(before);
      await engine.usePolicy({ kind: 'seed' });
      expect(idsOf(await sample(engine, tasks(3)))).toEqual(before);
      await engine.usePolicy(policy);
      expect(idsOf(await sample(engine, tasks(3)))).toEqual(trained);
      await engine.usePolicy({ kind: 'seed' });
      expect((await engine.memory()).tensors).toBe(tensors);
    }
  });
});
