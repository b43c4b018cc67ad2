import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapterShelf } from '../../../src/app/state/models/adapter-shelf.svelte.ts';
import { judgeEngine } from '../../../src/app/state/engine/engine.svelte.ts';
import type { ModelFolder } from '../../../src/model/formats/model-folder.ts';
import { AdapterError } from '../../../src/model/formats/peft.ts';
import { dpoWithSft } from '../../../src/train/loss-settings.ts';
import type { TrainingSettings } from '../../../src/train/training-settings.ts';

/** PEFT's adapter on transformers' model, and what TRL logged with them, see shared/fixtures/make_fixtures.py. */
const FIXTURES = '/test/fixtures/';
const MODEL = [
  'config.json',
  'generation_config.json',
  'model.safetensors',
  'tokenizer.json',
  'tokenizer_config.json',
];
const ADAPTER = ['adapter_config.json', 'adapter_model.safetensors'];
const NAME = 'made in Python';
const BATCH = 4;

/** Of another rank than the adapter, which counts. */
const SETTINGS: TrainingSettings = {
  lora: { rank: 16, alpha: 1 },
  optimizer: { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
  seed: 1,
};

interface TrlLog {
  steps: Record<'loss' | 'grad_norm' | 'logps/chosen' | 'logps/rejected', number>[];
}

const read = (path: string) => fetch(FIXTURES + path);

async function folder(path: string, names: string[]): Promise<Map<string, Blob>> {
  const files = names.map(async (name): Promise<[string, Blob]> => [
    name,
    await (await read(path + name)).blob(),
  ]);
  return new Map(await Promise.all(files));
}

async function firstBatch() {
  const rows = (await (await read('dpo/tokenized.json')).json()) as Record<string, number[]>[];
  return rows.slice(0, BATCH).map((row) => ({
    prompt: Int32Array.from(row['prompt_ids']!),
    chosen: Int32Array.from(row['chosen_ids']!),
    rejected: Int32Array.from(row['rejected_ids']!),
  }));
}

/** Mean log p of the chosen and of the rejected completions under the judge in use. */
async function logps() {
  const { engine } = await judgeEngine.ready();
  await engine.usePolicy({ kind: 'seed' });
  const sums = async (key: 'chosen' | 'rejected') => {
    const sequences = (await firstBatch()).map((pair) => ({ prompt: pair.prompt, completion: pair[key] }));
    return (await engine.sequenceLogprobs(sequences)).map((values) => values.reduce((a, b) => a + b, 0));
  };
  return { chosen: await sums('chosen'), rejected: await sums('rejected') };
}

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const relative = (found: number, expected: number) => Math.abs(found / expected - 1);

describe('an adapter from Python on the open model', () => {
  let adapter: ModelFolder;
  let log: TrlLog;
  let plain: Awaited<ReturnType<typeof logps>>;
  let tensors: number;
  beforeAll(async () => {
    judgeEngine.choice = 'wasm';
    await judgeEngine.use({ kind: 'local', name: 'llama', files: await folder('models/llama/', MODEL) });
    plain = await logps();
    tensors = (await judgeEngine.engine!.memory()).tensors;
    adapter = await folder('dpo/sigmoid/adapter-final/', ADAPTER);
    log = (await (await read('dpo/sigmoid/log.json')).json()) as TrlLog;
  });
  afterAll(async () => {
    await judgeEngine.useAdapter(null);
    for (const { id } of adapterShelf.stored) await adapterShelf.remove(id);
    judgeEngine.engine?.close();
    localStorage.clear(); // other tests open the page as one who has not been here before
  });

  test('judges under its own name', async () => {
    await adapterShelf.add(NAME, adapter);
    const [stored] = adapterShelf.stored;
    expect(stored).toMatchObject({ name: NAME, rank: 4, alpha: 8, model: { name: 'llama' } });
    expect(judgeEngine.engine!.model).toMatchObject({ name: `llama + ${NAME}`, hash: stored!.id });
    expect(judgeEngine.base!.name).toBe('llama');
    expect(stored!.id).not.toBe(judgeEngine.base!.hash);
  });

  test('gives the log-probabilities that TRL logged, and training goes on from it', async () => {
    await adapterShelf.add('initial', await folder('dpo/adapter-initial/', ADAPTER));
    const { chosen, rejected } = await logps();
    const [first] = log.steps;
    expect(relative(mean(chosen), first!['logps/chosen'])).toBeLessThan(1e-3);
    expect(relative(mean(rejected), first!['logps/rejected'])).toBeLessThan(1e-3);

    const { engine } = await judgeEngine.ready();
    const pairs = (await firstBatch()).map((pair, i) => ({
      ...pair,
      referenceChosen: chosen[i]!,
      referenceRejected: rejected[i]!,
    }));
    await engine.startTraining(SETTINGS);
    const step = await engine.dpoStep(pairs, dpoWithSft(0.1, 0), 1e-3);
    expect(relative(step.grad_norm, first!.grad_norm)).toBeLessThan(1e-3);
    expect(await engine.finishTraining()).toMatchObject({ kind: 'lora', rank: 4, alpha: 8 });
  });

  test('comes off again and leaves nothing on the device', async () => {
    await judgeEngine.useAdapter(null);
    expect(await logps()).toEqual(plain);
    expect((await judgeEngine.engine!.memory()).tensors).toBe(tensors);
    expect(judgeEngine.engine!.model.hash).toBe(judgeEngine.base!.hash);
  });

  test('of another shape is refused, is not stored, and leaves the judge as it was', async () => {
    const before = adapterShelf.stored.length;
    const config = JSON.parse(await adapter.get('adapter_config.json')!.text()) as object;
    const wrong = new Map([
      ...adapter,
      ['adapter_config.json', new Blob([JSON.stringify({ ...config, r: 8 })])],
    ]);
    await expect(adapterShelf.add('wrong', wrong)).rejects.toThrow(AdapterError);
    await adapterShelf.refresh();
    expect(adapterShelf.stored).toHaveLength(before);
    expect(await logps()).toEqual(plain);
  });
});
