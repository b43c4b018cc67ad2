import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/tensor/backend.ts';
import { parseModelConfig } from '../../src/model/config.ts';
import { readSafetensors } from '../../src/model/formats/safetensors.ts';
import { createModel } from '../../src/model/model.ts';
import { generate } from '../../src/model/generate.ts';
import { packLinearWeights } from '../../src/model/packed-weights.ts';
import { createTokenizer } from '../../src/model/formats/tokenizer.ts';

const F = '/test/fixtures/nano-judge-prototype/';
export default async function (args: { rows: number }, host: { log(x: string): void }) {
  await startBackend('wasm');
  const config = parseModelConfig(await (await fetch(F + 'config.json')).json());
  const model = createModel(
    config,
    readSafetensors(await (await fetch(F + 'model.safetensors')).arrayBuffer()).arrays,
  );
  const tok = createTokenizer(await (await fetch(F + 'tokenizer.json')).json());
  const items = (await (await fetch(F + 'heldout.jsonl')).text())
    .trim()
    .split('\n')
    .slice(0, 64)
    .map((l) => JSON.parse(l));
  const tasks = items.map((it: any, key: number) => ({
    key,
    samples: [0, 1, 2, 3],
    prompt: Int32Array.from([
      1,
      ...tok.encode(
        `### Instruction\n${it.instruction}\n### Response\n${it.response}\n### Criterion\n${it.criterion}\n### Judgment\n`,
      ),
    ]),
  }));
  const times: Record<string, number> = {};
  const engine = tf.engine() as any;
  const old = engine.runKernelFunc.bind(engine);
  let inKernel = 0;
  if (args.rows < 0) {
    engine.runKernelFunc = (p: any) => {
      const t = performance.now();
      const r = old(p);
      const dt = performance.now() - t;
      times[p.kernelName] = (times[p.kernelName] ?? 0) + dt;
      inKernel += dt;
      return r;
    };
  }
  for (let rep = 0; rep < 3; rep++) {
    for (const k in times) delete times[k];
    inKernel = 0;
    const release = packLinearWeights(model);
    let n = 0;
    const t = performance.now();
    await generate(model, tasks, {
      sampling: { temperature: 1, topP: 1, maxTokens: 110, seed: 1, round: 0 },
      rows: Math.abs(args.rows),
      multiple: 1,
      pause: async () => {},
      onRow: (r) => {
        n += r.ids.length;
      },
    });
    const s = (performance.now() - t) / 1000;
    release();
    host.log(
      `${n} tokens ${s.toFixed(2)} s ${(n / s).toFixed(0)} tok/s kernels ${(inKernel / 1000).toFixed(2)} ${JSON.stringify(Object.fromEntries(Object.entries(times).map(([k, v]) => [k, Math.round(v)])))}`,
    );
  }
}
