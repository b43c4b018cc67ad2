import { createTokenizer } from '../model/formats/tokenizer.ts';
import { nanoPoint } from '../judge/protocols/nano.ts';
import type { BackendName } from '../tensor/backend-name.ts';
import type { ModelSource } from '../../workers/protocol.ts';
import { readJudgeFacts, type BesideWeights } from './judge-facts.ts';

/** What judging needs beside the weights; a model that cannot run on this backend is refused here. */
export async function readBesideWeights(source: ModelSource, backend: BackendName): Promise<BesideWeights> {
  if ('files' in source) {
    const { readPublishedModel } = await import('./published-model.ts');
    return readPublishedModel(source.files, backend);
  }
  if ('url' in source) return readModelFolder(source.url);
  throw new Error('A judge needs a tokenizer: open it from a folder.');
}

/** A judge in the layout of the shipped ones, from its folder's URL (which ends in '/'). */
async function readModelFolder(url: string): Promise<BesideWeights> {
  const [tokenizerJson, tokenizerConfig, facts] = await Promise.all([
    readJson(`${url}tokenizer.json`),
    readOptional(`${url}tokenizer_config.json`),
    readOptional(`${url}judge.json`),
  ]);
  return {
    tokenizer: createTokenizer(tokenizerJson as object, tokenizerConfig ?? {}),
    protocol: nanoPoint,
    facts: readJudgeFacts(facts ?? {}),
  };
}

async function readJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Failed to fetch ${url}: ${response.status} ${response.statusText}`);
  return response.json();
}

/** A file that a model folder may lack; a static host answers 404, or with a page of its own. */
async function readOptional(url: string): Promise<unknown> {
  const response = await fetch(url);
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return response.ok && isJson ? response.json() : null;
}
