import { parseModelConfig } from '../../src/model/config.ts';
import { TOKENIZER_CONFIG, trainTokenizer, type TokenizerJson } from '../../src/model/formats/bpe.ts';
import { readSafetensors, writeSafetensors } from '../../src/model/formats/safetensors.ts';
import { createTokenizer } from '../../src/model/formats/tokenizer.ts';
import { initialWeights } from '../../src/model/initialise.ts';
import { trainingText, type Stage } from '../../src/data/micro/corpus.ts';
import { NANO_CONFIG, RECIPE } from '../../src/train/nano/recipe.ts';
import { trainStage, type StageProgress } from '../../src/train/nano/train-stage.ts';
import { openEngine } from '../../workers/pool.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { Host } from '../host.ts';

/**
 * Trains the embedded judge from nothing: tokenizer, base stage (true judgments), seed stage (imperfect annotators).
 * Writes float16 folders `nano-judge-base` and `nano-judge` into the work folder, and can be stopped at any time:
 * the next run goes on from the last checkpoint.
 */
export default async function trainNano(_args: unknown, host: Host): Promise<Record<Stage, StageProgress>> {
  const tokenizerJson = await readOrTrainTokenizer(host);
  const tokenizer = createTokenizer(tokenizerJson, TOKENIZER_CONFIG);
  const initial = writeSafetensors(initialWeights(parseModelConfig(NANO_CONFIG), RECIPE.weightsSeed));
  const engine = await openEngine({
    backend: 'wasm',
    model: { name: 'nano-judge', config: NANO_CONFIG, weights: initial },
  });
  host.log(
    `${engine.model.parameters} parameters on ${engine.device.workers} workers (${engine.device.device})`,
  );
  const done = {} as Record<Stage, StageProgress>;
  for (const [stage, folder] of [
    ['base', 'nano-judge-base'],
    ['seed', 'nano-judge'],
  ] as const) {
    const finished = await readJson<StageProgress>(host, `${folder}/progress.json`);
    if (finished) {
      const weights = (await host.readFile(`${folder}/float32.safetensors`)) as Uint8Array<ArrayBuffer>;
      await engine.usePolicy({ kind: 'full', hash: folder, weights: weights.buffer });
      done[stage] = finished;
      continue;
    }
    const { policy, progress } = await trainStage(engine, tokenizer, await resume(host, stage), {
      log: (line) => host.log(line),
      save: (progress, checkpoint) => saveCheckpoint(host, progress, checkpoint),
    });
    await writeFolder(host, folder, tokenizerJson, policy, progress);
    done[stage] = progress;
  }
  engine.close();
  return done;
}

async function readOrTrainTokenizer(host: Host): Promise<TokenizerJson> {
  const stored = await readJson<TokenizerJson>(host, 'tokenizer.json');
  if (stored) return stored;
  const { texts, seed } = RECIPE.tokenizer;
  const corpus = Array.from({ length: texts }, (_, i) =>
    trainingText('base', seed, i)
      .parts.map(({ prompt, completion }) => prompt + completion)
      .join('\n'),
  );
  const trained = trainTokenizer(corpus, NANO_CONFIG.vocab_size);
  await host.writeFile('tokenizer.json', JSON.stringify(trained));
  return trained;
}

async function resume(
  host: Host,
  stage: Stage,
): Promise<{ progress: StageProgress; checkpoint?: ArrayBuffer }> {
  const progress = await readJson<StageProgress>(host, `checkpoint-${stage}.json`);
  const checkpoint = await host.readFile(`checkpoint-${stage}.safetensors`);
  if (!progress || !checkpoint) return { progress: { stage, step: 0, tokens: 0, seconds: 0 } };
  host.log(`resuming the ${stage} stage at step ${progress.step}`);
  return { progress, checkpoint: checkpoint.buffer };
}

async function saveCheckpoint(host: Host, progress: StageProgress, checkpoint: ArrayBuffer): Promise<void> {
  await host.writeFile(`checkpoint-${progress.stage}.safetensors`, new Uint8Array(checkpoint));
  await host.writeFile(`checkpoint-${progress.stage}.json`, JSON.stringify(progress));
}

async function writeFolder(
  host: Host,
  folder: string,
  tokenizer: TokenizerJson,
  policy: Policy,
  progress: StageProgress,
): Promise<void> {
  if (policy.kind !== 'full') throw new Error('The embedded judge is trained in full.');
  const { arrays } = readSafetensors(policy.weights);
  const half = writeSafetensors(arrays, { dtype: 'F16', metadata: { format: 'pt' } });
  await host.writeFile(`${folder}/config.json`, JSON.stringify(NANO_CONFIG, null, 2));
  await host.writeFile(`${folder}/tokenizer.json`, JSON.stringify(tokenizer));
  await host.writeFile(`${folder}/tokenizer_config.json`, JSON.stringify(TOKENIZER_CONFIG, null, 2));
  await host.writeFile(`${folder}/model.safetensors`, new Uint8Array(half));
  await host.writeFile(`${folder}/float32.safetensors`, new Uint8Array(policy.weights));
  await host.writeFile(`${folder}/progress.json`, JSON.stringify(progress));
}

async function readJson<T>(host: Host, name: string): Promise<T | null> {
  const bytes = await host.readFile(name);
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as T) : null;
}
