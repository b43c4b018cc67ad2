import { afterEach, describe, expect, test } from 'vitest';
import { readSafetensors } from '../../../src/model/formats/safetensors.ts';
import { openEngine } from '../../../workers/pool.ts';
import type { BackendName, DpoStepMetrics, Engine, PairExample, Policy } from '../../../workers/protocol.ts';

/** Six steps of TRL's own DPOTrainer with PEFT's LoRA, see test/fixtures/dpo and shared/fixtures/make_fixtures.py. */
const DPO = '/test/fixtures/dpo/';
const BATCH = 4;

interface TrlLog {
  config: { beta: number; learning_rate: number; steps: number; adam: [number, number, number] };
  steps: Record<string, number>[];
}

let engine: Engine | undefined;
afterEach(() => engine?.close());

const readJson = async <T>(path: string) => (await (await fetch(DPO + path)).json()) as T;
const readBytes = async (path: string) => (await fetch(DPO + path)).arrayBuffer();

interface TokenizedPair {
  prompt_ids: number[];
  chosen_ids: number[];
  rejected_ids: number[];
}

/** Reference log-probabilities come from the adapter's starting point, by our own forward pass. */
async function readPairs(reference: Engine): Promise<PairExample[]> {
  const rows = await readJson<TokenizedPair[]>('tokenized.json');
  const ids = rows.map((row) => ({
    prompt: Int32Array.from(row.prompt_ids),
    chosen: Int32Array.from(row.chosen_ids),
    rejected: Int32Array.from(row.rejected_ids),
  }));
  const logprobs = await reference.sequenceLogprobs([
    ...ids.map(({ prompt, chosen }) => ({ prompt, completion: chosen })),
    ...ids.map(({ prompt, rejected }) => ({ prompt, completion: rejected })),
  ]);
  const sums = logprobs.map((row) => row.reduce((a, b) => a + b, 0));
  return ids.map((pair, i) => ({
    ...pair,
    referenceChosen: sums[i] as number,
    referenceRejected: sums[ids.length + i] as number,
  }));
}

async function trainLikeTrl(
  backend: BackendName,
  run: string,
  sftWeight: number,
  workers: number,
  stepCount = 6,
): Promise<{ log: TrlLog; steps: DpoStepMetrics[]; policy: Policy }> {
  const log = await readJson<TrlLog>(`${run}/log.json`);
  engine = await openEngine({
    backend,
    model: { name: 'llama', url: '/test/fixtures/models/llama/' },
    workers,
  });
  const weights = await readBytes('adapter-initial/adapter_model.safetensors');
  await engine.usePolicy({ kind: 'lora', hash: 'initial', rank: 4, alpha: 8, weights });
  const pairs = await readPairs(engine);
  const [beta1, beta2, epsilon] = log.config.adam;
  const optimizer = {
    learningRate: log.config.learning_rate,
    beta1,
    beta2,
    epsilon,
    weightDecay: 0,
    maxGradNorm: 1,
  };
  await engine.startTraining({ lora: { rank: 4, alpha: 8 }, optimizer, seed: 0 });
  const steps: DpoStepMetrics[] = [];
  for (let step = 0; step < stepCount; step++) {
    const batch = pairs.slice(step * BATCH, (step + 1) * BATCH);
    const rate = log.config.learning_rate * (1 - step / log.config.steps);
    steps.push(await engine.dpoStep(batch, { beta: log.config.beta, sftWeight }, rate));
  }
  return { log, steps, policy: await engine.finishTraining() };
}

function expectClose(ours: number, theirs: number, relative: number, absolute = 0): void {
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(Math.max(absolute, relative * Math.abs(theirs)));
}

function expectSameStep(ours: DpoStepMetrics, theirs: Record<string, number>): void {
  for (const name of ['logps/chosen', 'logps/rejected', 'grad_norm'] as const) {
    expectClose(ours[name], theirs[name] as number, 1e-3);
  }
  for (const name of ['rewards/chosen', 'rewards/rejected', 'rewards/margins'] as const) {
    expectClose(ours[name], theirs[name] as number, 1e-3, 3e-4);
  }
}

async function expectSameAdapter(policy: Policy, run: string): Promise<void> {
  if (policy.kind !== 'lora') throw new Error('expected a LoRA policy');
  const ours = readSafetensors(policy.weights).arrays;
  const theirs = readSafetensors(await readBytes(`${run}/adapter-final/adapter_model.safetensors`)).arrays;
  expect([...ours.keys()].toSorted()).toEqual([...theirs.keys()].toSorted());
  let close = 0;
  let count = 0;
  for (const [name, { data }] of theirs) {
    data.forEach((value, i) => {
      const difference = Math.abs(value - (ours.get(name)?.data[i] as number));
      expect(difference).toBeLessThan(2e-3);
      close += difference < 1e-4 ? 1 : 0;
      count++;
    });
  }
  expect(close / count).toBeGreaterThan(0.999);
}

describe("DPO agrees with TRL's trainer", () => {
  test.each([
    { run: 'sigmoid', sftWeight: 0, backend: 'wasm', workers: 1 },
    { run: 'sigmoid', sftWeight: 0, backend: 'wasm', workers: 2 },
    { run: 'sigmoid+sft', sftWeight: 0.5, backend: 'wasm', workers: 2 },
  ] as const)(
    '$run on $backend, $workers workers',
    async ({ run, sftWeight, backend, workers }) => {
      const { log, steps, policy } = await trainLikeTrl(backend, run, sftWeight, workers);
      expect(Math.abs((steps[0]?.['loss/dpo'] ?? 0) - Math.LN2)).toBeLessThan(1e-3);
      steps.forEach((step, i) => {
        const theirs = log.steps[i] as Record<string, number>;
        expectClose(step.loss, theirs['loss'] as number, 1e-4);
        expectSameStep(step, theirs);
      });
      await expectSameAdapter(policy, run);
    },
    300_000,
  );

  // SwiftShader is right but slow: two steps here, all of them in `npm run test:long`.
  test('sigmoid on webgpu', async () => {
    const { log, steps } = await trainLikeTrl('webgpu', 'sigmoid', 0, 1, import.meta.env.LONG ? 6 : 2);
    steps.forEach((step, i) => {
      const theirs = log.steps[i] as Record<string, number>;
      expectClose(step.loss, theirs['loss'] as number, 1e-4);
      expectSameStep(step, theirs);
    });
  }, 600_000);
});
