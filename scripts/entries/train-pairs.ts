/** The headless side of `npm run train`: DPO on pairs of text, as TRL's DPOTrainer does it. */
import { readAdapter, writeAdapter, type LoraPolicy } from '../../src/model/formats/peft.ts';
import type { Tokenizer } from '../../src/model/formats/tokenizer.ts';
import { readTrlConfig, trlLearningRate, type TrlConfig } from '../../src/train/trl-config.ts';
import { withReferences } from '../../src/harness/sequence-sums.ts';
import type { DpoStepMetrics, Engine, PairExample } from '../../workers/protocol.ts';
import type { Host } from '../host.ts';
import { localFolder, openLocalModel } from './local-model.ts';

export interface TextPair {
  prompt: string;
  chosen: string;
  rejected: string;
}

export interface TrainPairsArgs {
  backend: string;
  pairs: TextPair[];
  /** Parsed log.json of a TRL run, or its `config`. */
  config: unknown;
}

/** One step under TRL's metric names (trl/trainer/dpo_trainer.py). */
export type TrlStep = Pick<
  DpoStepMetrics,
  | 'loss'
  | 'grad_norm'
  | 'learning_rate'
  | 'rewards/chosen'
  | 'rewards/rejected'
  | 'rewards/accuracies'
  | 'rewards/margins'
  | 'logps/chosen'
  | 'logps/rejected'
  | 'logits/chosen'
  | 'logits/rejected'
  | 'entropy'
  | 'mean_token_accuracy'
> & { num_tokens: number; epoch: number; step: number };

type TokenPair = Pick<PairExample, 'prompt' | 'chosen' | 'rejected'>;

/** Reads the folders "model" and "adapter"; writes the trained adapter into the work folder. */
export default async function trainPairs(args: TrainPairsArgs, host: Host): Promise<TrlStep[]> {
  const config = readTrlConfig(args.config);
  if (config.ignored.length > 0) host.log(`not used of the configuration: ${config.ignored.join(', ')}`);
  const { engine, tokenizer, config: model } = await openLocalModel(args.backend);
  try {
    const files = await localFolder('adapter');
    const start = await readAdapter(files, model);
    const { device } = engine;
    host.log(`${engine.model.hash} with ${start.hash} on ${device.backend}, ${device.workers} workers`);
    await engine.usePolicy(start);
    const batches = batchesOf(tokenPairs(args.pairs, tokenizer, config.maxLength), config);
    const steps = await train(engine, batches, start, config, host);
    const { base_model_name_or_path: baseModel } = JSON.parse(await files.get('adapter_config.json')!.text());
    const trained = (await engine.finishTraining()) as LoraPolicy;
    for (const [name, file] of writeAdapter(trained, model, baseModel ?? ''))
      await host.writeFile(name, new Uint8Array(await file.arrayBuffer()));
    return steps;
  } finally {
    engine.close();
  }
}

/**
 * The prompt as it is, without a beginning token; of prompt and completion together, what follows the prompt's tokens;
 * then the end token. Cut at the end to `maxLength` tokens, and left out where that leaves no completion.
 */
function tokenPairs(pairs: TextPair[], tokenizer: Tokenizer, maxLength: number): TokenPair[] {
  const tokenise = ({ prompt, chosen, rejected }: TextPair): TokenPair => {
    const ids = tokenizer.encode(prompt);
    const completion = (text: string) =>
      Int32Array.of(...tokenizer.encode(prompt + text).subarray(ids.length), tokenizer.eos).subarray(
        0,
        Math.max(0, maxLength - ids.length),
      );
    return { prompt: ids, chosen: completion(chosen), rejected: completion(rejected) };
  };
  return pairs.map(tokenise).filter(({ prompt }) => prompt.length < maxLength);
}

/** The pairs in order, over and over; each pass ends with what is left. */
function batchesOf(pairs: TokenPair[], { batchSize, steps }: TrlConfig): TokenPair[][] {
  if (pairs.length === 0) throw new Error('There are no pairs to train on.');
  const perPass = Math.ceil(pairs.length / batchSize);
  return Array.from({ length: steps ?? perPass }, (_, step) => {
    const at = (step % perPass) * batchSize;
    return pairs.slice(at, at + batchSize);
  });
}

async function train(
  engine: Engine,
  batches: TokenPair[][],
  { rank, alpha }: LoraPolicy,
  config: TrlConfig,
  host: Host,
): Promise<TrlStep[]> {
  // References are of the policy that training begins at.
  const distinct = [...new Set(batches.flat())];
  const examples = await withReferences(engine, distinct);
  const exampleOf = new Map(distinct.map((pair, i) => [pair, examples[i]!]));
  await engine.startTraining({ lora: { rank, alpha }, optimizer: config.optimizer, seed: 0 });
  const perPass = new Set(batches.map(([first]) => first)).size;
  const steps: TrlStep[] = [];
  let tokens = 0;
  for (const [i, batch] of batches.entries()) {
    const rate = trlLearningRate(config, i, batches.length);
    const metrics = await engine.dpoStep(
      batch.map((pair) => exampleOf.get(pair)!),
      config.loss,
      rate,
    );
    tokens += metrics.tokens;
    steps.push({ ...named(metrics), num_tokens: tokens, epoch: (i + 1) / perPass, step: i + 1 });
    host.log(
      `step ${i + 1}/${batches.length}: loss ${metrics.loss.toFixed(6)}, ${metrics.seconds.toFixed(1)} s`,
    );
  }
  return steps;
}

function named(metrics: DpoStepMetrics): Omit<TrlStep, 'num_tokens' | 'epoch' | 'step'> {
  const {
    'loss/dpo': _dpo,
    'loss/sft': _sft,
    tokens: _tokens,
    seconds: _seconds,
    pairs: _pairs,
    ...rest
  } = metrics;
  return rest;
}
