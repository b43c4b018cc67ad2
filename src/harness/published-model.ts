import { fewShotPoint } from '../judge/protocols/few-shot.ts';
import { nanoPoint } from '../judge/protocols/nano.ts';
import { prometheusAbsolute } from '../judge/protocols/prometheus.ts';
import type { ModelConfig } from '../model/config.ts';
import { openModel } from '../model/formats/open-model.ts';
import { readJsonFile } from '../model/formats/folder-files.ts';
import type { ModelFolder } from '../model/formats/model-folder.ts';
import { createTokenizer, type Tokenizer } from '../model/formats/tokenizer.ts';
import { publishedFormats } from '../model/memory-plan.ts';
import type { BackendName } from '../tensor/backend-name.ts';
import { workersThatFit } from './device-memory.ts';
import { readJudgeFacts, type BesideWeights } from './judge-facts.ts';

/** A model's folder as it was read, whether or not it is to judge. */
export interface PublishedModel {
  config: ModelConfig;
  tokenizer: Tokenizer;
  /** How many copies of it there may be on this device. */
  workers: number;
}

/** @throws ModelTooLargeError, and what openModel throws */
export async function readModel(files: ModelFolder, backend: BackendName): Promise<PublishedModel> {
  const { tokenizer, config, weights } = await openModel(files);
  const workers = await workersThatFit(config, backend, publishedFormats(config, weights));
  const { tokenizerJson, tokenizerConfig, chatTemplate } = tokenizer;
  return { config, workers, tokenizer: createTokenizer(tokenizerJson, tokenizerConfig, chatTemplate) };
}

/**
 * A model from the hub or from the reader's files. One that brings a judge.json was trained to judge on this page; one
 * that was taught to converse is told in words how to; any other continues examples.
 * @throws ModelTooLargeError, JudgeFactsError, and what openModel throws
 */
export async function readPublishedModel(files: ModelFolder, backend: BackendName): Promise<BesideWeights> {
  const { tokenizer, workers } = await readModel(files, backend);
  const isJudge = files.has('judge.json');
  const untrained = tokenizer.hasChatTemplate ? prometheusAbsolute : fewShotPoint;
  return {
    workers,
    tokenizer,
    protocol: isJudge ? nanoPoint : untrained,
    facts: readJudgeFacts(isJudge ? await readJsonFile(files, 'judge.json') : {}),
  };
}
