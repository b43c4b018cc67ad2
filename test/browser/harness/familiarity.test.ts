import { beforeAll, describe, expect, test } from 'vitest';
import { familiarity } from '../../../src/harness/familiarity.ts';
import { judgeEngine } from '../../../src/app/state/engine/engine.svelte.ts';
import type { OpenJudge } from '../../../src/harness/judge-facts.ts';
import { microItems } from '../../../src/data/micro/items.ts';
import { itemId } from '../../../src/judge/item-id.ts';
import type { Item } from '../../../src/judge/item.ts';
import { LONG } from '../../long.ts';

const CRITERION = 'The response is helpful, accurate and complete.';
const EACH = 100;

function itemOf(instruction: string, response: string): Item {
  const content = { instruction, response, criterion: CRITERION };
  return { id: itemId(content), ...content };
}

async function shared(path: string): Promise<string | null> {
  const response = await fetch(`/shared/${path}`);
  return response.ok ? response.text() : null;
}

async function pandalm(): Promise<Item[] | null> {
  const text = await shared('data/pandalm/testset-v1.json');
  const rows = JSON.parse(text ?? 'null') as
    { instruction: string; input: string; response1: string }[] | null;
  return (
    rows && rows.slice(0, EACH).map((row) => itemOf(`${row.instruction}\n${row.input}`.trim(), row.response1))
  );
}

async function vicuna(): Promise<Item[] | null> {
  const text = await shared('data/vicuna-gpt4-reviews/derived/vicuna_reviews_judgelm_fields.jsonl');
  const lines = text?.trim().split('\n').slice(0, EACH) ?? null;
  const rows =
    lines?.map((line) => JSON.parse(line) as { question_body: string; answer1_body: string }) ?? null;
  return rows && rows.map((row) => itemOf(row.question_body, row.answer1_body));
}

/** Share of items whose verdict the page would grey. */
async function flagged(judge: OpenJudge, items: readonly Item[]): Promise<number> {
  let count = 0;
  for (const item of items) if ((await familiarity(judge, item)).kind !== 'familiar') count += 1;
  return count / items.length;
}

const foreign = [await pandalm(), await vicuna()];
const judgeFacts = await fetch('/models/nano-judge/judge.json');
const hasThreshold = judgeFacts.headers.get('content-type')?.includes('json') ?? false;

describe('what the embedded judge knows', () => {
  let judge: OpenJudge;
  beforeAll(async () => {
    const base = document.createElement('base');
    base.href = '/';
    document.head.append(base);
    judge = await judgeEngine.ready();
  });

  test('a prompt that leaves no room to answer is refused before the model sees it', async () => {
    const long = itemOf('List 3 tools.', 'saw, '.repeat(judge.engine.model.contextLength));
    expect((await familiarity(judge, long)).kind).toBe('too-long');
  });

  test.runIf(hasThreshold)('of its own kind of tasks, held-out ones, it flags at most 2 %', async () => {
    expect(await flagged(judge, microItems('heldout', 2, 300))).toBeLessThanOrEqual(0.02);
  });

  test.runIf(LONG && hasThreshold && foreign.every((items) => items !== null))(
    'of people’s questions to PandaLM and Vicuna it flags at least 95 %',
    async () => {
      const items = foreign.flatMap((own) => own ?? []);
      expect(items).toHaveLength(2 * EACH);
      expect(await flagged(judge, items)).toBeGreaterThanOrEqual(0.95);
    },
  );
});
