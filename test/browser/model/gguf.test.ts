import { afterEach, describe, expect, test } from 'vitest';
import type { LoadingProgress } from '../../../workers/model-files.ts';
import { openEngine } from '../../../workers/pool.ts';
import type { BackendName } from '../../../src/tensor/backend-name.ts';
import type { Engine } from '../../../workers/protocol.ts';
import { expectAgreement, largestDifference } from '../../agreement.ts';

/** The llama fixture as llama.cpp's writer stores it; its logits are transformers' from the dequantised weights. */
const FOLDER = '/test/fixtures/models/llama-gguf/';
const VOCABULARY = 768;

const read = async (name: string) => (await fetch(FOLDER + name)).blob();

/** The tensor `logits` and the ids (int64, which no weight is) of a golden file. */
async function readGolden(kind: string): Promise<{ ids: number[]; logits: Float32Array }> {
  const bytes = await (await read(`${kind}.golden.safetensors`)).arrayBuffer();
  const length = Number(new DataView(bytes).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, length))) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const part = (name: string) => {
    const [begin, end] = header[name]!.data_offsets;
    return bytes.slice(8 + length + begin, 8 + length + end);
  };
  return {
    ids: Array.from(new BigInt64Array(part('input_ids')), Number),
    logits: new Float32Array(part('logits')),
  };
}

let engine: Engine | undefined;
afterEach(() => engine?.close());

describe.each<BackendName>(['wasm', 'webgpu'])('a GGUF file on %s', (backend) => {
  test.for(['f32', 'f16', 'q8_0', 'q4_0'])('%s gives the logits of its weights', async (kind, context) => {
    const files = new Map([[`${kind}.gguf`, await read(`${kind}.gguf`)]]);
    const golden = await readGolden(kind);
    const progress: LoadingProgress[] = [];
    const onProgress = (step: LoadingProgress) => progress.push(step);
    engine = await openEngine({ backend, model: { name: kind, files }, workers: 1, onProgress });
    expect(progress.length).toBeGreaterThan(20);
    expect(progress.at(-1)?.done).toBe(progress.at(-1)?.total);
    expect(engine.model).toMatchObject({
      architecture: 'llama',
      parameters: 178_624,
      vocabularySize: VOCABULARY,
    });
    const logits = await engine.promptLogits(Int32Array.from(golden.ids));
    expect(logits.length).toBe(golden.ids.length * VOCABULARY);
    const difference = largestDifference(logits, golden.logits);
    const subject = { fixture: `llama-gguf, ${kind}`, backend, device: engine.device.device };
    expectAgreement(context, subject, [{ quantity: 'logits', difference, bound: 1e-3 }]);
  });
});
