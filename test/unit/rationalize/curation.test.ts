import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Score } from '../../../src/judge/item.ts';
import { random } from '../../../src/judge/random.ts';
import { correctAnswer } from '../../../src/rationalize/curation/correct-answer.ts';
import { pickPairs } from '../../../src/rationalize/curation/pick-pairs.ts';
import { decidedPairs, pairKey, pairsOfItem, pairsOfRound } from '../../../src/rationalize/pairs.ts';
import type { Decision, ItemPairs } from '../../../src/rationalize/pair.ts';
import type { Strategy } from '../../../src/rationalize/curation/strategy.ts';
import type { RunBench } from '../../../src/rationalize/events.ts';
import { ScriptedEngine } from '../harness/scripted-engine.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import type { JudgmentRecord } from '../../../src/harness/judgment-store.ts';

const item = { id: 'item', instruction: 'i', response: 'r', criterion: 'c', score: 5 as const };
const settings = presetSettings('standard', { pairsPerItem: 2 });

/** Judgments with these scores and different texts; 0 cannot be read. */
function judgments(scores: number[], more: Partial<JudgmentRecord> = {}): JudgmentRecord[] {
  return scores.map((score, sample) => ({
    id: `j${sample}`,
    itemId: 'item',
    sample,
    mode: 'point',
    protocol: 'nano-point',
    order: [0],
    usedReference: false,
    policy: 'p',
    sampling: { temperature: 1, topP: 1, maxTokens: 9, seed: 1, round: 1 },
    text: `text ${sample}`,
    finished: true,
    rationale: [0, 4],
    score: null,
    verdict: score === 0 ? { kind: 'failure', reason: 'x' } : { kind: 'score', score: score as Score },
    ...more,
  }));
}
const scoresOf = (pairs: [JudgmentRecord, JudgmentRecord][]) =>
  pairs.map((pair) => pair.map(({ verdict }) => (verdict.kind === 'score' ? verdict.score : 0)));
const curate = (scores: number[], label: Score, margin: number) =>
  correctAnswer({ score: label }, judgments(scores), { margin });

describe('correct-answer curation', () => {
  // papers: sampled [5, 3, 3, 1] with gold 5.
  it.each([
    [1, [[5, 3], [5, 3], [5, 1]]],
    [2, [[5, 3], [5, 3], [5, 1]]],
    [3, [[5, 1]]],
  ])('gives the known pairs for margin %i', (margin, expected) => {
    expect(scoresOf(curate([5, 3, 3, 1], 5, margin).pairs)).toEqual(expected);
  }); // prettier-ignore

  it.each([
    [[5, 5, 5], 5, 1, /all gave the true score 5/],
    [[4, 3, 2], 5, 1, /no complete judgment gave the true score 5/],
    [[5, 4, 5], 5, 2, /no judgment missed it by 2 or more/],
    [[0, 0], 5, 1, /could be read/],
    [[5, 5, 3, 1], 5, 2, /^2 of its judgments gave the true score 5, 2 missed it by 2 or more\.$/],
  ] as [number[], Score, number, RegExp][])('says why for %j', (scores, label, margin, reason) => {
    expect(curate(scores, label, margin).reason).toMatch(reason);
  });

  it('never chooses a cut judgment, and counts identical texts once', () => {
    const cut = judgments([5, 3]).map((one, i) => ({ ...one, finished: i !== 0 }));
    expect(correctAnswer({ score: 5 }, cut, { margin: 1 }).pairs).toEqual([]);
    const same = judgments([5, 3, 3, 5], { text: 'same' }).map((one, i) => ({
      ...one,
      text: i % 3 ? 'bad' : 'good',
    }));
    expect(correctAnswer({ score: 5 }, same, { margin: 1 }).pairs).toHaveLength(1);
  });

  it('needs a label', () => {
    expect(correctAnswer({}, judgments([1, 2]), { margin: 1 })).toEqual({
      pairs: [],
      reason: expect.stringMatching(/no label/),
    });
  });

  it('always chooses right and rejects wrong by the margin', () => {
    const score = fc.integer({ min: 0, max: 5 });
    const label = fc.constantFrom<Score>(1, 2, 3, 4, 5);
    fc.assert(
      fc.property(
        fc.array(score, { maxLength: 12 }),
        label,
        fc.integer({ min: 1, max: 4 }),
        (scores, gold, margin) => {
          const { pairs } = curate(scores, gold, margin);
          for (const [chosen, rejected] of scoresOf(pairs)) {
            expect(chosen).toBe(gold);
            expect(Math.abs(rejected! - gold)).toBeGreaterThanOrEqual(margin);
          }
          const wrong = scores.filter((one) => one > 0 && Math.abs(one - gold) >= margin).length;
          expect(pairs.length).toBe(scores.filter((one) => one === gold).length * wrong);
        },
      ),
    );
  });
});

describe('picking pairs', () => {
  const product = ['a', 'b', 'c'].flatMap((good) =>
    ['x', 'y', 'z'].map((bad): [string, string] => [good, bad]),
  );

  it('prefers judgments that are not used yet', () => {
    const picked = pickPairs(product, 3, random(1));
    expect(new Set(picked.map(([good]) => good)).size).toBe(3);
    expect(new Set(picked.map(([, bad]) => bad)).size).toBe(3);
  });

  it('takes them all when they are few, each once', () => {
    expect(pickPairs(product, 99, random(2)).map(String).sort()).toEqual(product.map(String).sort());
    expect(pickPairs([], 4, random(2))).toEqual([]);
  });

  it('depends on the seed alone', () => {
    expect(pickPairs(product, 4, random(3))).toEqual(pickPairs(product, 4, random(3)));
  });
});

describe('pairs of an item', () => {
  const made = pairsOfItem(correctAnswer, { item, judgments: judgments([5, 3, 3, 1, 5]) }, settings, 1);

  it('are at most k, named by their content, the same for the same seed', () => {
    expect(made.pairs).toHaveLength(2);
    expect(made).toEqual(
      pairsOfItem(correctAnswer, { item, judgments: judgments([5, 3, 3, 1, 5]) }, settings, 1),
    );
    const [pair] = made.pairs;
    const textOf = (id: string) => `text ${id.slice(1)}`;
    expect(pair!.key).toBe(pairKey('item', textOf(pair!.chosen), textOf(pair!.rejected)));
  });

  it('follow what a person decided, before and after rebuilding', () => {
    const [first, second] = made.pairs;
    const decisions = new Map<string, Decision>([[first!.key, 'drop'], [second!.key, 'flip']]); // prettier-ignore
    const rebuilt: ItemPairs[] = [
      pairsOfItem(correctAnswer, { item, judgments: judgments([5, 3, 3, 1, 5]) }, settings, 1),
    ];
    expect(decidedPairs(rebuilt, decisions)).toEqual([
      { ...second, chosen: second!.rejected, rejected: second!.chosen },
    ]);
    expect(decidedPairs(rebuilt, new Map([[first!.key, 'accept']]))).toEqual(made.pairs);
  });
});

describe('a strategy that asks the model', () => {
  it('asks once for the whole round, before any pair is made', async () => {
    const asked: string[][] = [];
    const preferLast: Strategy = {
      title: 'The last one',
      needsLabels: false,
      prepare: async (bench, sampled) => {
        asked.push(sampled.map(({ item: one }) => one.id));
        const [logprobs] = await bench.engine.nextTokenLogprobs([Int32Array.of(1)], [2, 3]);
        const likelier = logprobs![0]! > logprobs![1]!;
        return (_item, given) => ({
          pairs: likelier ? [[given.at(-1)!, given[0]!]] : [],
          reason: 'The model said so.',
        });
      },
    };
    const bench = { engine: new ScriptedEngine() } as unknown as RunBench;
    const sampled = ['a', 'b'].map((id) => ({ item: { ...item, id }, judgments: judgments([1, 2, 3]) }));
    const made = await pairsOfRound(bench, preferLast, sampled, settings, 1);
    expect(asked).toEqual([['a', 'b']]);
    expect(made.map(({ pairs }) => [pairs[0]!.chosen, pairs[0]!.rejected])).toEqual([['j2', 'j0'], ['j2', 'j0']]); // prettier-ignore
  });
});
