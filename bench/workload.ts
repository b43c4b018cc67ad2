/** What every contender is given: the same prompts, the same pairs, the same numbers of tokens. */
import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openModel } from '../src/model/formats/open-model.ts';
import { createTokenizer, type Tokenizer } from '../src/model/formats/tokenizer.ts';
import { SHARED_FOLDER } from '../scripts/vite/shared-folder.ts';
import { Unavailable } from './contender.ts';

export const NANO = 'models/nano-judge-prototype';
export const GEMMA = 'models/gemma3-270m-en/gemma3-270m-en.q4_k_m.gguf';

/** Path on this machine of something in the shared folder. @throws Unavailable when it is not there */
export function shared(path: string): string {
  const whole = join(SHARED_FOLDER, path);
  if (!existsSync(whole)) throw new Unavailable(`There is no ${path} in the shared folder.`);
  return whole;
}

interface HeldoutItem {
  instruction: string;
  response: string;
  criterion: string;
  rationale: string;
  score: number;
  greedy: string;
}

export interface Prompt {
  /** Without the beginning token, which `ids` have. */
  text: string;
  ids: number[];
}

export const idsOf = (prompts: Prompt[]): number[][] => prompts.map(({ ids }) => ids);
export const textsOf = (prompts: Prompt[]): string[] => prompts.map(({ text }) => text);

export interface Pair {
  prompt: number[];
  chosen: number[];
  rejected: number[];
}

function heldout(): HeldoutItem[] {
  const lines = readFileSync(shared(`${NANO}/heldout.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as HeldoutItem);
}

function nanoTokenizer(): Tokenizer {
  return createTokenizer(JSON.parse(readFileSync(shared(`${NANO}/tokenizer.json`), 'utf8')) as object);
}

function promptOf({ instruction, response, criterion }: HeldoutItem, tokenizer: Tokenizer): Prompt {
  const text = `### Instruction\n${instruction}\n### Response\n${response}\n### Criterion\n${criterion}\n### Judgment\n`;
  return { text, ids: [tokenizer.bos, ...tokenizer.encode(text)] };
}

/** The first held-out items' prompts. */
export function nanoPrompts(count: number): Prompt[] {
  const tokenizer = nanoTokenizer();
  return heldout()
    .slice(0, count)
    .map((item) => promptOf(item, tokenizer));
}

/** The true judgment against what the judge says greedily, of the first items that it gets wrong. */
export function nanoPairs(count: number): Pair[] {
  const tokenizer = nanoTokenizer();
  const completion = (text: string) => [...tokenizer.encode(text), tokenizer.eos];
  return heldout()
    .map((item) => ({ item, truth: `${item.rationale} Score: ${item.score}` }))
    .filter(({ item, truth }) => item.greedy !== truth)
    .slice(0, count)
    .map(({ item, truth }) => ({
      prompt: promptOf(item, tokenizer).ids,
      chosen: completion(truth),
      rejected: completion(item.greedy),
    }));
}

/** Windows of a long text that lies beside the model, of as many tokens each with the beginning token. */
export async function gemmaPrompts(count: number, tokens: number): Promise<Prompt[]> {
  const { tokenizer: files } = await openModel(new Map([['model.gguf', await openAsBlob(shared(GEMMA))]]));
  const tokenizer = createTokenizer(files.tokenizerJson, files.tokenizerConfig);
  const golden = JSON.parse(readFileSync(shared(join(dirname(GEMMA), 'golden.json')), 'utf8')) as {
    cases: { text: string }[];
  };
  const longest = golden.cases.map(({ text }) => text).reduce((a, b) => (b.length > a.length ? b : a));
  const ids = tokenizer.encode(longest);
  const window = tokens - 1;
  return Array.from({ length: count }, (_, i) => {
    const part = ids.slice(i * window, (i + 1) * window);
    return { text: tokenizer.decode(part), ids: [tokenizer.bos, ...part] };
  });
}
