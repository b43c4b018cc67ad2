import { expect, test } from 'vitest';
import { dpoWithSft } from '../../../src/train/loss-settings.ts';
import type { PairExample } from '../../../src/train/pair-example.ts';
import type { TrainingSettings } from '../../../src/train/training-settings.ts';
import { openEngine } from '../../../workers/pool.ts';
import type { Engine } from '../../../workers/protocol.ts';
import { LONG } from '../../long.ts';

const MODEL = { name: 'llama', url: '/test/fixtures/models/llama/' };
const optimizer = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradNorm: 1,
};
const ids = (length: number, seed: number) =>
  Int32Array.from({ length }, (_, i) => 20 + ((seed * 31 + i * 17) % 500));

/** Everything that a run asks of an engine, of other lengths each time; then the seed judge again. */
async function smallRun(engine: Engine, round: number, lora: TrainingSettings['lora']): Promise<void> {
  const tasks = [1, 2, 3].map((key) => ({ key, prompt: ids(8 + key + round, key), samples: [0, 1] }));
  const sampling = { temperature: 1, topP: 1, maxTokens: 6, seed: 5, round };
  await engine.generate(tasks, sampling, () => undefined);
  const pair: PairExample = {
    prompt: ids(9 + round, 1),
    chosen: ids(5 + round, 2),
    rejected: ids(6, 3),
    referenceChosen: -10,
    referenceRejected: -12,
  };
  await engine.startTraining({ lora, optimizer, seed: round });
  await engine.dpoStep([pair], dpoWithSft(0.1, 1), 1e-3);
  await engine.checkpointTraining();
  await engine.usePolicy(await engine.finishTraining());
  await engine.generate(tasks, sampling, () => undefined);
  await engine.usePolicy({ kind: 'seed' });
}

test.each([['wasm', { rank: 2, alpha: 4 }], ...(LONG ? ([['webgpu', null]] as const) : [])] as const)(
  'on %s with LoRA %o, tensors are as many after each run as after the first',
  async (backend, lora) => {
    const engine = await openEngine({ backend, model: MODEL });
    try {
      // The first run leaves tables of positions behind, which are kept.
      await smallRun(engine, 1, lora);
      const first = await engine.memory();
      for (const round of [2, 3]) {
        await smallRun(engine, round, lora);
        const { tensors, bytes } = await engine.memory();
        expect({ tensors, bytes }).toEqual({ tensors: first.tensors, bytes: first.bytes });
      }
    } finally {
      engine.close();
    }
  },
);
