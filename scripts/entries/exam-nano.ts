import { formatExam, pointExam, promptLogprobPercentile1 } from '../../src/evaluate/nano-exam.ts';
import type { Split } from '../../src/judge/item.ts';
import { createTokenizer } from '../../src/model/formats/tokenizer.ts';
import { openEngine } from '../../workers/pool.ts';
import type { Host } from '../host.ts';

interface Args {
  folder: string;
  split: Split;
  items: number;
}

/** Examines a trained judge in the work folder on a part of the data that it was not trained on. */
export default async function examNano({ folder, split, items }: Args, host: Host) {
  const read = async (name: string) => (await host.readFile(`${folder}/${name}`)) as Uint8Array<ArrayBuffer>;
  const json = async (name: string) => JSON.parse(new TextDecoder().decode(await read(name))) as object;
  const tokenizer = createTokenizer(await json('tokenizer.json'), await json('tokenizer_config.json'));
  const engine = await openEngine({
    backend: 'wasm',
    model: {
      name: folder,
      config: await json('config.json'),
      weights: (await read('model.safetensors')).buffer,
    },
  });
  const point = await pointExam(engine, tokenizer, split, items);
  host.log(`${folder} ${split} point: ${JSON.stringify(point)}`);
  const formats: Record<string, number> = {};
  for (const format of ['pair', 'pair-reference', 'single', 'several', 'meta'] as const) {
    formats[format] = await formatExam(engine, tokenizer, format, split, Math.round(items / 5));
  }
  host.log(`${folder} ${split} formats: ${JSON.stringify(formats)}`);
  const percentile = await promptLogprobPercentile1(engine, tokenizer, 2000);
  engine.close();
  return { hash: engine.model.hash, point, formats, promptLogprobPercentile1: percentile };
}
