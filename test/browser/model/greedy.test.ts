import { afterEach, describe, expect, test } from 'vitest';
import { createTokenizer, type Tokenizer } from '../../../src/model/formats/tokenizer.ts';
import type { BackendName } from '../../../src/tensor/backend-name.ts';
import type { Completion } from '../../../src/model/completion.ts';
import type { Engine } from '../../../workers/protocol.ts';
import { openEngine } from '../../../workers/pool.ts';
import { LONG } from '../../long.ts';

/** The prototype judge and what transformers 5.18 generates greedily from it, over its held-out items. */
const FOLDER = '/test/fixtures/nano-judge-prototype/';

interface HeldoutItem {
  instruction: string;
  response: string;
  criterion: string;
  score: number;
  greedy: string;
}

const GREEDY = { temperature: 0, topP: 1, maxTokens: 110, seed: 0, round: 0 };

async function readItems(): Promise<HeldoutItem[]> {
  const text = await (await fetch(`${FOLDER}heldout.jsonl`)).text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HeldoutItem);
}

function promptOf(item: HeldoutItem, tokenizer: Tokenizer): Int32Array {
  const text = `### Instruction\n${item.instruction}\n### Response\n${item.response}\n### Criterion\n${item.criterion}\n### Judgment\n`;
  return Int32Array.from([tokenizer.bos, ...tokenizer.encode(text)]);
}

let engine: Engine | undefined;
afterEach(() => engine?.close());

async function greedyTexts(backend: BackendName, items: HeldoutItem[], workers?: number): Promise<string[]> {
  const tokenizer = createTokenizer((await (await fetch(`${FOLDER}tokenizer.json`)).json()) as object);
  const model = { name: 'prototype', url: FOLDER };
  engine = await openEngine({ backend, model, ...(workers ? { workers } : {}) });
  const tasks = items.map((item, key) => ({ key, prompt: promptOf(item, tokenizer), samples: [0] }));
  const texts = Array<string>(items.length);
  const report = await engine.generate(tasks, GREEDY, ({ task, ids, finished }: Completion) => {
    texts[task] = tokenizer.decode(finished ? ids.slice(0, -1) : ids);
  });
  console.info(
    `${backend}: ${Math.round(report.tokens / report.seconds)} tokens/s decoded, ${report.tokens} tokens`,
  );
  return texts;
}

function agreement(items: HeldoutItem[], texts: string[]): { same: number; right: number } {
  const same = items.filter(({ greedy }, i) => greedy === texts[i]).length;
  const right = items.filter(({ score }, i) => texts[i]?.endsWith(`Score: ${score}`)).length;
  return { same, right };
}

describe('greedy decoding reproduces transformers', () => {
  test('on WASM, all 600 items', async () => {
    const items = await readItems();
    const { same, right } = agreement(items, await greedyTexts('wasm', items));
    expect(same).toBeGreaterThanOrEqual(590);
    expect(Math.abs(right - 341)).toBeLessThanOrEqual(3);
  }, 120_000);

  test.runIf(LONG)(
    'on WebGPU, all 600 items',
    async () => {
      const items = await readItems();
      const { same } = agreement(items, await greedyTexts('webgpu', items));
      expect(same).toBeGreaterThanOrEqual(590);
    },
    1_800_000,
  );
});
