import { afterEach, expect, test } from 'vitest';
import { parseModelConfig } from '../../../src/model/config.ts';
import { readAdapter, type LoraPolicy } from '../../../src/model/formats/peft.ts';
import { readSafetensors, writeSafetensors } from '../../../src/model/formats/safetensors.ts';
import { openEngine } from '../../../workers/pool.ts';
import type { Engine } from '../../../workers/protocol.ts';

const MODEL = '/test/fixtures/models/llama/';
const ADAPTER = '/test/fixtures/dpo/adapter-initial/';
const SEQUENCE = { prompt: Int32Array.of(1, 40, 90, 7), completion: Int32Array.of(50, 60, 70, 2) };

let engine: Engine;
afterEach(() => engine.close());

async function openWithAdapter(): Promise<LoraPolicy> {
  engine = await openEngine({ backend: 'wasm', model: { name: 'llama', url: MODEL }, workers: 2 });
  const blob = async (name: string) => [name, await (await fetch(ADAPTER + name)).blob()] as const;
  const files = new Map([await blob('adapter_config.json'), await blob('adapter_model.safetensors')]);
  return readAdapter(files, parseModelConfig(await (await fetch(`${MODEL}config.json`)).json()));
}

const logprobs = async () => (await engine.sequenceLogprobs([SEQUENCE]))[0]!;

/** Only some of an adapter's tensors. */
function some(policy: LoraPolicy, keep: (name: string) => boolean): LoraPolicy {
  const { arrays } = readSafetensors(policy.weights);
  return { ...policy, weights: writeSafetensors(new Map([...arrays].filter(([name]) => keep(name)))) };
}

test('an adapter on some of the layers changes less than the whole', async () => {
  const whole = await openWithAdapter();
  const seed = await logprobs();
  await engine.usePolicy(some(whole, (name) => /[qv]_proj/.test(name)));
  const part = await logprobs();
  await engine.usePolicy(whole);
  const all = await logprobs();
  await engine.usePolicy({ kind: 'seed' });
  expect(await logprobs()).toEqual(seed);
  expect(part).not.toEqual(seed);
  expect(part).not.toEqual(all);
});

test('a rank-stabilised adapter is scaled by α/√r: the same as α·√r without', async () => {
  const policy = await openWithAdapter();
  await engine.usePolicy({ ...policy, rankStabilised: true });
  const stabilised = await logprobs();
  await engine.usePolicy({ ...policy, alpha: policy.alpha * Math.sqrt(policy.rank) });
  expect(await logprobs()).toEqual(stabilised);
});

test('an adapter that does not fit is refused and changes nothing', async () => {
  const policy = await openWithAdapter();
  await logprobs(); // makes the rotary table
  const { tensors, bytes } = await engine.memory();
  await engine.usePolicy(policy);
  const fitting = await logprobs();
  const halves = some(policy, (name) => !name.includes('layers.2.mlp.up_proj.lora_B'));
  await expect(engine.usePolicy(halves)).rejects.toMatchObject({ name: 'AdapterError' });
  await expect(engine.usePolicy({ ...policy, rank: 8 })).rejects.toThrow(/shape \[4, 64\]/);
  expect(await logprobs()).toEqual(fitting);
  await engine.usePolicy({ kind: 'seed' });
  expect(await engine.memory()).toMatchObject({ tensors, bytes });
});
