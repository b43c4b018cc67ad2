import * as v from 'valibot';
import { fewShotPoint } from '../judge/protocols/few-shot.ts';
import { nanoPoint } from '../judge/protocols/nano.ts';
import { prometheusAbsolute } from '../judge/protocols/prometheus.ts';
import type { ModelFolder } from '../model/formats/model-folder.ts';
import { openModel } from '../model/formats/open-model.ts';
import { createTokenizer } from '../model/formats/tokenizer.ts';
import { publishedFormats } from '../model/memory-plan.ts';
import type { BackendName } from '../tensor/backend-name.ts';
import { workersThatFit } from './device-memory.ts';
import { JudgeFactsSchema, type BesideWeights } from './open-judge.ts';

/**
 * A model from the hub or from the reader's files. One that brings a judge.json was trained to judge on this page; one
 * that was taught to converse is told in words how to; any other continues examples.
 * @throws ModelTooLargeError, and what openModel throws
 */
export async function readPublishedModel(files: ModelFolder, backend: BackendName): Promise<BesideWeights> {
  const { tokenizer, config, weights } = await openModel(files);
  const workers = await workersThatFit(config, backend, publishedFormats(config, weights));
  const facts = files.get('judge.json');
  const inWords = tokenizer.chatTemplate === null ? fewShotPoint : prometheusAbsolute;
  return {
    workers,
    tokenizer: createTokenizer(tokenizer.tokenizerJson, tokenizer.tokenizerConfig, tokenizer.chatTemplate),
    protocol: facts ? nanoPoint : inWords,
    facts: v.parse(JudgeFactsSchema, facts ? JSON.parse(await facts.text()) : {}),
  };
}
