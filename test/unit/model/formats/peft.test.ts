import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adaptedWeights } from '../../../../src/model/adapted-weights.ts';
import { parseModelConfig } from '../../../../src/model/config.ts';
import { openModel } from '../../../../src/model/formats/open-model.ts';
import { createTokenizer } from '../../../../src/model/formats/tokenizer.ts';
import { addProduct, mergeAdapter } from '../../../../src/model/formats/merge.ts';
import { AdapterError, peftName, readAdapter, writeAdapter } from '../../../../src/model/formats/peft.ts';
import {
  readSafetensors,
  writeSafetensors,
  type NamedArrays,
} from '../../../../src/model/formats/safetensors.ts';
import { loraScale } from '../../../../src/model/lora-scale.ts';

const fixture = (path: string) => readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url));
const parse = (path: string) => JSON.parse(fixture(path).toString()) as Record<string, unknown>;
const bytesOf = (path: string) => new Uint8Array(fixture(path)).buffer;

const MODEL = parseModelConfig(parse('models/llama/config.json'));
const CONFIG = parse('dpo/adapter-initial/adapter_config.json');
const WEIGHTS = bytesOf('dpo/adapter-initial/adapter_model.safetensors');
const ARRAYS = readSafetensors(WEIGHTS).arrays;

function folder(config: unknown = CONFIG, weights: ArrayBuffer = WEIGHTS): Map<string, Blob> {
  return new Map([
    ['adapter_config.json', new Blob([JSON.stringify(config)])],
    ['adapter_model.safetensors', new Blob([weights])],
  ]);
}

/** The tensors of some weights only, or under other names. */
function arraysOf(keep: (name: string) => boolean, rename = (name: string) => name): ArrayBuffer {
  return writeSafetensors(
    new Map([...ARRAYS].filter(([name]) => keep(name)).map(([name, a]) => [rename(name), a])),
  );
}

/** By how much the difference exceeds `relative` × the expected value, at most. */
function mostBeyond(found: Float32Array, expected: ArrayLike<number>, relative: number): number {
  return found.reduce((most, value, i) => {
    const excess = Math.abs(value - expected[i]!) - relative * Math.abs(expected[i]!);
    return Math.max(most, Number.isNaN(excess) ? Infinity : excess);
  }, 0);
}

const isQuery = (name: string) => name.includes('q_proj') || name.includes('v_proj');

describe("PEFT's adapters", () => {
  test('are read as PEFT wrote them', async () => {
    const adapter = await readAdapter(folder(), MODEL);
    expect(adapter).toMatchObject({ kind: 'lora', rank: 4, alpha: 8 });
    expect(adapter.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(readSafetensors(adapter.weights).arrays).toEqual(ARRAYS);
  });

  test('may carry the name of the adapter in their tensors', async () => {
    const named = arraysOf(
      () => true,
      (name) => name.replace('.weight', '.default.weight'),
    );
    expect(readSafetensors((await readAdapter(folder(CONFIG, named), MODEL)).weights).arrays).toEqual(ARRAYS);
  });

  test.each([
    ['F16', 2 ** -11],
    ['BF16', 2 ** -7],
  ] as const)('may be stored as %s', async (dtype, precision) => {
    const stored = dtype === 'F16' ? writeSafetensors(ARRAYS, { dtype }) : bfloat16(ARRAYS);
    const { arrays } = readSafetensors((await readAdapter(folder(CONFIG, stored), MODEL)).weights);
    for (const [name, { data }] of ARRAYS)
      expect(mostBeyond(arrays.get(name)!.data, data, precision)).toBeLessThanOrEqual(1e-7);
  });

  test.each([
    ['a list of names', { target_modules: ['q_proj', 'v_proj'] }, isQuery],
    ['a pattern', { target_modules: String.raw`model\.layers\.\d+\.self_attn\.(q|v)_proj` }, isQuery],
    [
      'a pattern as Unsloth writes it',
      {
        target_modules:
          '(?:.*?(?:language|text).*?(?:self_attn|attn|mlp).*?(?:q_proj|v_proj).*?)|(?:\\bmodel\\.layers\\.[\\d]{1,}\\.(?:self_attn|attn|mlp)\\.(?:(?:q_proj|v_proj)))',
      },
      isQuery,
    ],
    ['all linear layers', { target_modules: 'all-linear' }, () => true],
    [
      'all but some',
      { target_modules: 'all-linear', exclude_modules: ['k_proj'] },
      (n: string) => !n.includes('k_proj'),
    ],
    [
      'some layers',
      { target_modules: ['q_proj', 'v_proj'], layers_to_transform: [0, 2] },
      (name: string) => isQuery(name) && !name.includes('layers.1.'),
    ],
    [
      'full paths',
      { target_modules: ['model.layers.1.mlp.up_proj'] },
      (name: string) => name.includes('layers.1.mlp.up_proj'),
    ],
  ])('may adapt %s, and are written so that they are read again', async (_, changes, keep) => {
    const adapter = await readAdapter(folder({ ...CONFIG, ...changes }, arraysOf(keep)), MODEL);
    const names = [...readSafetensors(adapter.weights).arrays.keys()];
    expect(names.toSorted()).toEqual([...ARRAYS.keys()].filter(keep).toSorted());
    expect(await readAdapter(writeAdapter(adapter, MODEL, 'base'), MODEL)).toEqual(adapter);
  });

  test('may be rank-stabilised: α/√r', async () => {
    const adapter = await readAdapter(folder({ ...CONFIG, use_rslora: true }), MODEL);
    expect(loraScale(adapter)).toBe(4);
    expect(loraScale({ rank: 4, alpha: 8 })).toBe(2);
    expect(await readAdapter(writeAdapter(adapter, MODEL, 'base'), MODEL)).toEqual(adapter);
  });

  test('are written with the names, shapes and settings that PEFT writes', async () => {
    const adapter = await readAdapter(folder(), MODEL);
    const written = writeAdapter(adapter, MODEL, '../models/llama');
    const config = JSON.parse(await written.get('adapter_config.json')!.text()) as Record<string, unknown>;
    for (const [key, value] of Object.entries(config)) {
      if (key === 'target_modules') expect(value).toEqual((CONFIG[key] as string[]).toSorted());
      else expect([key, value]).toEqual([key, CONFIG[key]]);
    }
    const { arrays, metadata } = readSafetensors(
      await written.get('adapter_model.safetensors')!.arrayBuffer(),
    );
    expect(arrays).toEqual(ARRAYS);
    expect(metadata.get('format')).toBe('pt');
  });
});

/** Rounded towards zero, which is near enough for a test of reading. */
function bfloat16(arrays: NamedArrays): ArrayBuffer {
  const written = new Uint8Array(writeSafetensors(arrays, { dtype: 'F16' }));
  const length = Number(new DataView(written.buffer).getBigUint64(0, true));
  const header = new TextDecoder().decode(written.subarray(8, 8 + length)).replaceAll('"F16"', '"BF16"');
  const text = new TextEncoder().encode(header);
  const data = new Uint16Array(
    [...arrays.values()].flatMap(({ data: values }) =>
      [...new Uint32Array(values.slice().buffer)].map((x) => x >>> 16),
    ),
  );
  const bytes = new Uint8Array(8 + text.length + data.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(new Uint8Array(data.buffer), 8 + text.length);
  return bytes.buffer;
}

async function refusal(files: Map<string, Blob>): Promise<string> {
  const error: unknown = await readAdapter(files, MODEL).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AdapterError);
  return (error as AdapterError).message;
}

describe('an adapter that does not fit is refused in words', () => {
  test.each([
    [{ peft_type: 'IA3' }, /peft_type.*not a LoRA adapter/],
    [{ task_type: 'SEQ_CLS' }, /causal language model/],
    [{ use_dora: true }, /DoRA/],
    [{ bias: 'all' }, /biases/],
    [{ modules_to_save: ['lm_head'] }, /modules_to_save/],
    [{ fan_in_fan_out: true }, /transposed/],
    [{ rank_pattern: { q_proj: 8 } }, /rank_pattern/],
    [{ alpha_pattern: { q_proj: 8 } }, /alpha_pattern/],
    [{ init_lora_weights: 'pissa' }, /initialised by "pissa"/],
    [{ some_new_variant: { on: true } }, /some_new_variant/],
    [{ r: 8 }, /shape \[4, 64\]; this model and rank need \[8, 64\]/],
    [{ r: 0 }, /r: /],
    [{ lora_alpha: 'much' }, /lora_alpha/],
    [{ target_modules: null }, /target_modules/],
    [
      { target_modules: ['q_proj'] },
      /factors for "model\.layers\.0\.self_attn\.k_proj" but does not name it/,
    ],
    [{ target_modules: '(a+)+$' }, /pattern in target_modules repeats a group/],
    [{ target_modules: '(' }, /target_modules/],
    [{ layers_to_transform: [0] }, /holds factors for "model\.layers\.1/],
  ])('%o', async (changes, reason) => {
    expect(await refusal(folder({ ...CONFIG, ...changes }))).toMatch(reason);
  });

  test('one half of a factor missing', async () => {
    const lost = peftName('model.layers.1.mlp.up_proj.weight', 'B');
    expect(
      await refusal(
        folder(
          CONFIG,
          arraysOf((name) => name !== lost),
        ),
      ),
    ).toMatch(/lacks the tensor ".*up_proj/);
  });

  test('a target without factors', async () => {
    expect(await refusal(folder(CONFIG, arraysOf(isQuery)))).toMatch(
      /names "model.*k_proj" as a target but holds no/,
    );
  });

  test('a tensor of a module that the model does not have', async () => {
    const moved = arraysOf(
      () => true,
      (name) => name.replace('layers.2', 'layers.7'),
    );
    expect(await refusal(folder(CONFIG, moved))).toMatch(/layers\.7.*this llama model has no place/);
  });

  test('a tensor that is no factor', async () => {
    const renamed = arraysOf(
      () => true,
      (name) => name.replace('lora_A', 'lora_magnitude_vector'),
    );
    expect(await refusal(folder(CONFIG, renamed))).toMatch(/no LoRA factor/);
  });

  test('files missing, or a pickle', async () => {
    expect(await refusal(new Map())).toMatch(/lacks adapter_config\.json/);
    const config = new Map([...folder()].slice(0, 1));
    expect(await refusal(config)).toMatch(/lacks adapter_model\.safetensors/);
    expect(await refusal(config.set('adapter_model.bin', new Blob(['x'])))).toMatch(/pickle/);
  });
});

/** Whole or not at all: what is read of a mangled adapter is complete and finite, or a typed error. */
describe('mangled adapters', () => {
  const names = [...adaptedWeights(MODEL).keys()].flatMap((name) => [
    peftName(name, 'A'),
    peftName(name, 'B'),
  ]);

  async function readsWholeOrRefuses(files: Map<string, Blob>): Promise<void> {
    const adapter = await readAdapter(files, MODEL).catch((error: unknown) => {
      expect(error).toBeInstanceOf(AdapterError);
      return null;
    });
    if (!adapter) return;
    const { arrays } = readSafetensors(adapter.weights);
    expect([...arrays.keys()].toSorted()).toEqual(names.toSorted());
    for (const { data } of arrays.values()) expect(data.every(Number.isFinite)).toBe(true);
  }

  test('weights: flipped, cut and lengthened', async () => {
    const header = 8 + Number(new DataView(WEIGHTS).getBigUint64(0, true));
    const at = fc.oneof(fc.nat(header), fc.nat(WEIGHTS.byteLength - 1));
    await fc.assert(
      fc.asyncProperty(
        at,
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('flip', 'cut', 'more'),
        async (i, x, how) => {
          let bytes = new Uint8Array(WEIGHTS.slice(0));
          if (how === 'flip') bytes[i]! ^= x;
          else if (how === 'cut') bytes = bytes.slice(0, i);
          else bytes = Uint8Array.of(...bytes.subarray(0, 64), x, ...bytes.subarray(64));
          await readsWholeOrRefuses(folder(CONFIG, bytes.buffer));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('configuration: any value under any key', async () => {
    const keys = fc.constantFrom(...Object.keys(CONFIG), 'unknown', '__proto__');
    await fc.assert(
      fc.asyncProperty(keys, fc.jsonValue(), async (key, value) => {
        const text = JSON.stringify(Object.fromEntries([...Object.entries(CONFIG), [key, value]]));
        await readsWholeOrRefuses(folder().set('adapter_config.json', new Blob([text])));
      }),
      { numRuns: 200 },
    );
  });

  test('configuration: text that is not JSON, or says a thing twice', async () => {
    const text = JSON.stringify(CONFIG);
    const twice = text.replace('"r":4', '"r":4,"r":8');
    for (const mangled of ['', text.slice(0, 200), twice, '[]', 'null', '['.repeat(1e5)])
      await refusal(folder().set('adapter_config.json', new Blob([mangled])));
  });
});

describe('a merged model', () => {
  const model = new Map(
    [
      'config.json',
      'generation_config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'model.safetensors',
    ].map((name) => [name, new Blob([bytesOf(`models/llama/${name}`)])]),
  );

  test('is W + s·BA in the same layout, beside the same files', async () => {
    const adapter = await readAdapter(folder(), MODEL);
    const merged = await mergeAdapter(model, adapter, 'float32');
    expect([...merged.keys()].toSorted()).toEqual([...model.keys()].toSorted());
    const before = readSafetensors(bytesOf('models/llama/model.safetensors')).arrays;
    const after = readSafetensors(await merged.get('model.safetensors')!.arrayBuffer()).arrays;
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [name, { shape, data }] of after) {
      const [a, b] = [ARRAYS.get(peftName(name, 'A')), ARRAYS.get(peftName(name, 'B'))];
      const old = before.get(name)!;
      expect(shape).toEqual(old.shape);
      const width = shape[1]!;
      const delta = (i: number) =>
        [0, 1, 2, 3].reduce(
          (sum, k) => sum + b!.data[Math.floor(i / width) * 4 + k]! * a!.data[k * width + (i % width)]!,
          0,
        );
      const expected = a && b ? Array.from(old.data, (w, i) => w + 2 * delta(i)) : old.data;
      expect(mostBeyond(data, expected, 0)).toBeLessThan(1e-6);
    }
    const config = JSON.parse(await merged.get('config.json')!.text()) as object;
    expect(config).toEqual({ ...parse('models/llama/config.json'), dtype: 'float32' });
  });

  test('may be float16, and says so', async () => {
    const adapter = await readAdapter(folder(), MODEL);
    const merged = await mergeAdapter(model, adapter, 'float16');
    const half = readSafetensors(await merged.get('model.safetensors')!.arrayBuffer()).arrays;
    const whole = readSafetensors(
      await (await mergeAdapter(model, adapter, 'float32')).get('model.safetensors')!.arrayBuffer(),
    ).arrays;
    for (const [name, { data }] of whole)
      expect(mostBeyond(half.get(name)!.data, data, 2 ** -11)).toBeLessThanOrEqual(2 ** -25);
    expect(await merged.get('config.json')!.text()).toContain('"float16"');
  });

  test('may come from a GGUF file, and gets its configuration and tokenizer', async () => {
    const file = new Blob([bytesOf('models/llama-gguf/f32.gguf')]);
    const adapter = await readAdapter(folder(), MODEL);
    const merged = await mergeAdapter(new Map([['model.gguf', file]]), adapter, 'float32');
    const weights = await merged.get('model.safetensors')!.arrayBuffer();
    const fromSafetensors = await (
      await mergeAdapter(model, adapter, 'float32')
    )
      .get('model.safetensors')!
      .arrayBuffer();
    const [found, expected] = [readSafetensors(weights).arrays, readSafetensors(fromSafetensors).arrays];
    expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
    for (const [name, { data }] of expected)
      expect(mostBeyond(found.get(name)!.data, data, 0)).toBeLessThan(1e-6);
    const opened = await openModel(merged);
    // GGUF stores it as float32.
    expect(opened.config).toEqual({ ...MODEL, normEpsilon: Math.fround(MODEL.normEpsilon) });
    expect(
      createTokenizer(opened.tokenizer.tokenizerJson, opened.tokenizer.tokenizerConfig).encode('Score: 5'),
    ).toEqual(Int32Array.of(53, 294, 28, 223, 23));
  });

  test('is refused in float16 where a value is too large for it', async () => {
    const arrays: NamedArrays = new Map(
      [...ARRAYS].map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => 1e4 * x) }]),
    );
    const adapter = await readAdapter(folder(CONFIG, writeSafetensors(arrays)), MODEL);
    await expect(mergeAdapter(model, adapter, 'float16')).rejects.toThrow(/float16's 65,504/);
  });

  test('W + s·BA on a matrix done by hand', () => {
    const w = Float32Array.of(1, 2, 3, 4, 5, 6);
    const a = { shape: [1, 3], data: Float32Array.of(1, 0, -1) };
    const b = { shape: [2, 1], data: Float32Array.of(2, 10) };
    addProduct(w, { a, b }, 0.5);
    expect([...w]).toEqual([2, 2, 2, 9, 5, 1]);
  });
});
