import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { preferencesToJsonLines, type PreferenceText } from '../../../src/data/export/preferences.ts';
import { pairExamples } from '../../../src/harness/references.ts';
import { quietWorkbench } from '../../../src/harness/workbench.ts';
import type { Item } from '../../../src/judge/item.ts';
import type { PointProtocol } from '../../../src/judge/protocol.ts';
import { nanoPoint } from '../../../src/judge/protocols/nano.ts';
import { promptIds, promptText } from '../../../src/judge/tokenizer.ts';
import { createTokenizer } from '../../../src/model/formats/tokenizer.ts';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { decidedPairs } from '../../../src/rationalize/pairs.ts';
import { pairsTable } from '../../../src/rationalize/pair-table.ts';
import { preferenceTexts } from '../../../src/rationalize/preference-texts.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import { sampleScope } from '../../../src/rationalize/records.ts';
import { rationalize } from '../../../src/rationalize/run.ts';
import { letters, ScriptedEngine, scriptedItems } from '../harness/scripted-engine.ts';

const ROUND = { runId: 'run', number: 1 };
const train = scriptedItems('train', 40);
const items = new Map(train.map((item) => [item.id, item]));
const store = new MemoryStore();

beforeAll(async () => {
  const parts = { train, validation: scriptedItems('validation', 20), heldout: scriptedItems('heldout', 20) };
  const settings = presetSettings('standard', { itemsPerRound: 20, samples: 4, heldoutItems: 10 });
  const until = { round: 1, stage: 'pairs' } as const;
  const engine = new ScriptedEngine();
  await rationalize({ engine, tokenizer: letters, items: parts, settings, store, runId: 'run', until });
  const pairs = (await store.pairs('run', 1)).flatMap((item) => item.pairs);
  await store.decide('run', 1, pairs[0]!.key, 'drop');
  await store.decide('run', 1, pairs[1]!.key, 'flip');
});

/** What the trainer gets of the same round. */
async function examples(protocol: PointProtocol = nanoPoint) {
  const bench = quietWorkbench({ engine: new ScriptedEngine(), tokenizer: letters, protocol }, store);
  const pairs = decidedPairs(await store.pairs('run', 1), await store.decisions('run', 1));
  return pairExamples(bench, pairs, items, 'seedhash');
}

const textOf = (ids: Int32Array) => letters.decode(ids);
const withoutEnd = (ids: Int32Array) => ids.subarray(0, ids.at(-1) === 0 ? -1 : undefined);

describe('pairs for TRL', () => {
  it('are the texts that the trainer sees: dropped pairs left out, flipped ones the other way round', async () => {
    const texts = await preferenceTexts({ tokenizer: letters, protocol: nanoPoint }, store, ROUND, items);
    const trained = (await examples()).map(({ prompt, chosen, rejected }) => ({
      prompt: textOf(prompt.subarray(1)),
      chosen: textOf(withoutEnd(chosen)),
      rejected: textOf(withoutEnd(rejected)),
    }));
    const all = (await store.pairs('run', 1)).flatMap((item) => item.pairs);
    expect(texts).toHaveLength(all.length - 1);
    expect(texts).toEqual(trained);
  });

  it('go up to where training stops, for a protocol with an end of its own', async () => {
    const protocol = { ...nanoPoint, ownEnd: '. ' };
    const texts = await preferenceTexts({ tokenizer: letters, protocol }, store, ROUND, items);
    const [example] = await examples(protocol);
    expect(texts[0]!.chosen).toBe(textOf(example!.chosen));
  });

  it('say what is missing', async () => {
    const asking = preferenceTexts({ tokenizer: letters, protocol: nanoPoint }, store, ROUND, new Map());
    await expect(asking).rejects.toThrow(/The item .* is missing/);
  });

  it('are the same as the table of pairs', async () => {
    const texts = await preferenceTexts({ tokenizer: letters, protocol: nanoPoint }, store, ROUND, items);
    const judgments = new Map((await store.judgments(sampleScope('run', 1))).map((one) => [one.id, one]));
    const decisions = await store.decisions('run', 1);
    const { columns, rows } = pairsTable(await store.pairs('run', 1), decisions, judgments, items);
    const [chosen, rejected, decision] = ['chosen', 'rejected', 'decision'].map((name) => columns.indexOf(name)); // prettier-ignore
    expect(rows.map((row) => [row[chosen!], row[rejected!]])).toEqual(texts.map((one) => [one.chosen, one.rejected])); // prettier-ignore
    expect(rows.filter((row) => row[decision!] === 'flip')).toHaveLength(1);
  });
});

describe('the format, beside what TRL itself read and tokenised (test/fixtures/dpo)', () => {
  const fixture = (name: string) =>
    readFileSync(new URL(`../../fixtures/dpo/${name}`, import.meta.url), 'utf8');
  const pairs = fixture('pairs.jsonl').trim().split('\n').map((line) => JSON.parse(line) as PreferenceText); // prettier-ignore

  it('has the same three texts in each line, and nothing else', () => {
    const written = preferencesToJsonLines(pairs).trim().split('\n').map((line) => JSON.parse(line) as object); // prettier-ignore
    expect(written).toEqual(pairs);
    expect(Object.keys(written[0]!)).toEqual(['prompt', 'chosen', 'rejected']);
  });

  it('gives TRL the token ids that a judge with this tokenizer is asked with', () => {
    const tokenizer = createTokenizer(JSON.parse(fixture('tokenizer.json')) as object);
    const tokenized = JSON.parse(fixture('tokenized.json')) as { prompt_ids: number[] }[];
    const asked = pairs.map(({ prompt }) => itemOf(prompt));
    expect(asked.map((item) => promptText(tokenizer, nanoPoint, item))).toEqual(pairs.map(({ prompt }) => prompt)); // prettier-ignore
    expect(asked.map((item) => [...promptIds(tokenizer, nanoPoint, item).subarray(1)])).toEqual(tokenized.map((one) => one.prompt_ids)); // prettier-ignore
  });
});

/** The item that the embedded judge's prompt asks about. */
function itemOf(prompt: string): Item {
  const [, instruction, response, criterion] = /^### Instruction\n(.*)\n### Response\n(.*)\n### Criterion\n(.*)\n### Judgment\n$/s.exec(prompt)!; // prettier-ignore
  return { id: '', instruction: instruction!, response: response!, criterion: criterion! };
}
