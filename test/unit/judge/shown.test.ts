import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/judge/item.ts';
import type { Asked, Protocol } from '../../../src/judge/protocol.ts';
import { nanoMeta } from '../../../src/judge/protocols/nano-meta.ts';
import { nanoPair } from '../../../src/judge/protocols/nano-pair.ts';
import { PROTOCOLS } from '../../../src/judge/protocols/registry.ts';

const item: Item = {
  id: 'i',
  instruction: 'ask',
  response: 'ANSWER',
  criterion: 'c',
  reference: 'REFERENCE',
};
const comparison = { instruction: 'ask', responses: ['FIRST', 'SECOND', 'THIRD'], criterion: 'c', reference: 'REFERENCE' }; // prettier-ignore
const asked: Asked[] = [{}, { reference: true }, { reference: false }];

/** Where the texts stand in the prompt, in the order in which they stand there. */
const orderIn = (prompt: string, texts: readonly string[]) =>
  texts.map((text, i) => [prompt.indexOf(text), i] as const).toSorted(([a], [b]) => a - b).map(([, i]) => i); // prettier-ignore

function expectHonest<Subject>(protocol: Protocol<Subject>, subject: Subject, how: Asked): void {
  const prompt = protocol.render(subject, how);
  expect(protocol.shows(subject, how).usedReference).toBe(prompt.includes('REFERENCE'));
}

describe('what a judgment records of how it was asked', () => {
  it.each(Object.values(PROTOCOLS))('$id: the reference that stands in the prompt', (protocol) => {
    for (const how of asked) {
      expectHonest(protocol, item, how);
      const { reference: _, ...without } = item;
      expectHonest(protocol, without, how);
    }
  });

  it('nano-pair: the reference, and the order of the answers', () => {
    for (const how of asked) expectHonest(nanoPair, comparison, how);
    const orders = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
    fc.assert(
      fc.property(orders, (order) => {
        const { order: shown } = nanoPair.shows(comparison, { order });
        expect(shown).toEqual(order);
        expect(orderIn(nanoPair.render(comparison, { order }), comparison.responses)).toEqual(order);
      }),
    );
  });

  it('nano-meta: the order of the judgments', () => {
    const question = { item, judgments: ['FIRST', 'SECOND'] as [string, string] };
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      expect(nanoMeta.shows(question, { order }).order).toEqual(order);
      expect(orderIn(nanoMeta.render(question, { order }), question.judgments)).toEqual(order);
    }
  });
});
