import { describe, expect, it } from 'vitest';
import { greedy, judgmentsOf } from '../../../src/harness/judge-items.ts';
import { MemoryJudgmentStore } from '../../../src/harness/memory-judgment-store.ts';
import { pairExamples } from '../../../src/harness/references.ts';
import { sequenceSums, withReferences } from '../../../src/harness/sequence-sums.ts';
import { quietWorkbench } from '../../../src/harness/workbench.ts';
import { nanoPoint } from '../../../src/judge/protocols/nano.ts';
import { promptIds } from '../../../src/judge/tokenizer.ts';
import { letters, ScriptedEngine, scriptedItems } from './scripted-engine.ts';

const ids = (...values: number[]) => Int32Array.from(values);

describe('reference log-probabilities', () => {
  /** log p of a token is −its id, and the prompt does not count. */
  const engine = {
    sequenceLogprobs: async (sequences: { completion: Int32Array }[]) =>
      sequences.map(({ completion }) => Float32Array.from(completion, (id) => -id)),
  };

  it('are sums over the tokens of the completion', async () => {
    const sequences = [{ prompt: ids(9), completion: ids(1, 2) }, { prompt: ids(9), completion: ids() }]; // prettier-ignore
    expect(await sequenceSums(engine, sequences)).toEqual([-3, 0]);
  });

  it('stand beside the side of the pair that they belong to', async () => {
    const pairs = [
      { prompt: ids(9), chosen: ids(1), rejected: ids(2, 3) },
      { prompt: ids(8), chosen: ids(4, 4), rejected: ids(5) },
    ];
    const examples = await withReferences(engine, pairs);
    expect(examples.map(({ referenceChosen, referenceRejected }) => [referenceChosen, referenceRejected])).toEqual([[-1, -5], [-8, -5]]); // prettier-ignore
    expect(examples[1]).toMatchObject(pairs[1]!);
  });

  it('of stored judgments are those of their sampled ids, and are computed once', async () => {
    const scripted = new ScriptedEngine();
    let computed = 0;
    const compute = scripted.sequenceLogprobs.bind(scripted);
    scripted.sequenceLogprobs = (sequences) => {
      computed += sequences.length;
      return compute(sequences);
    };
    const store = new MemoryJudgmentStore();
    const bench = quietWorkbench({ engine: scripted, tokenizer: letters, protocol: nanoPoint }, store);
    const [item] = scriptedItems('item', 1);
    const sampling = { ...greedy(40), temperature: 1 };
    const request = { stage: 'sample', policy: 'seedhash', protocol: nanoPoint, items: [item!], samples: 3, sampling }; // prettier-ignore
    const [a, b, c] = (await judgmentsOf(bench, request)).get(item!.id)!;
    const pairs = [[a, b], [a, c]].map(([good, bad]) => ({ itemId: item!.id, chosen: good!.id, rejected: bad!.id })); // prettier-ignore
    const examples = await pairExamples(bench, pairs, new Map([[item!.id, item!]]), 'seedhash');
    expect(computed).toBe(3);
    const [tokens] = await store.tokens([a!.id]);
    const prompt = promptIds(letters, nanoPoint, item!);
    const [sum] = await sequenceSums(scripted, [{ prompt, completion: tokens!.ids }]);
    expect(examples[1]!.referenceChosen).toBe(sum);
    expect(examples[1]!.prompt).toEqual(prompt);
  });
});
