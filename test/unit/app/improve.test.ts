import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterRows, pairRows } from '../../../src/app/pages/improve/pairRows.ts';
import { itemName, scoreRows, summarise } from '../../../src/app/pages/improve/scoreRows.ts';
import { SETTING_GROUPS } from '../../../src/app/widgets/settingFields.ts';
import { wordDiff } from '../../../src/app/widgets/wordDiff.ts';
import { pairTerms } from '../../../src/app/state/improve/pair-terms.ts';
import type { Item } from '../../../src/judge/item.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import type { ItemPairs } from '../../../src/rationalize/pair.ts';
import type { JudgmentRecord } from '../../../src/harness/judgment-store.ts';
import { checkSettings, SettingsError } from '../../../src/rationalize/settings.ts';

describe('the DPO equation in numbers', () => {
  test('gives the known loss and weight of the worked example', () => {
    const logprobs = {
      policyChosen: -10,
      policyRejected: -14,
      referenceChosen: -12,
      referenceRejected: -13,
    };
    const terms = pairTerms(logprobs, 0.1);
    expect(terms.chosenLogratio).toBe(2);
    expect(terms.rejectedLogratio).toBe(-1);
    expect(terms.margin).toBeCloseTo(0.3, 12);
    expect(terms.loss).toBeCloseTo(0.554355, 6);
    // The gradient of the worked example is −β times this weight.
    expect(0.1 * terms.weight).toBeCloseTo(0.0425557, 7);
  });

  test('starts at ln 2, margin 0 and weight ½ where judge and reference agree', () => {
    const same = { policyChosen: -31, policyRejected: -44, referenceChosen: -31, referenceRejected: -44 };
    expect(pairTerms(same, 0.1)).toMatchObject({ margin: 0, loss: Math.LN2, weight: 0.5 });
  });

  test('stays finite for margins that overflow exp', () => {
    const far = { policyChosen: 0, policyRejected: -9000, referenceChosen: 0, referenceRejected: 0 };
    const near = { policyChosen: -9000, policyRejected: 0, referenceChosen: 0, referenceRejected: 0 };
    expect(pairTerms(far, 1)).toMatchObject({ loss: 0, weight: 0 });
    expect(pairTerms(near, 1)).toMatchObject({ loss: 9000, weight: 1 });
  });
});

test('a word diff loses nothing of either text, and marks nothing where they are the same', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c', 'Score:', '5', '\n')).map((list) => list.join(' '));
  fc.assert(
    fc.property(words, words, (left, right) => {
      const diff = wordDiff(left, right);
      expect(diff.left.map(({ text }) => text).join('')).toBe(left);
      expect(diff.right.map(({ text }) => text).join('')).toBe(right);
      if (left === right) expect([...diff.left, ...diff.right].some(({ own }) => own)).toBe(false);
    }),
  );
});

describe('the settings form', () => {
  const fields = SETTING_GROUPS.flatMap((group) => group.fields);

  test('asks for every setting once', () => {
    expect(fields.map(({ key }) => key).sort()).toEqual(Object.keys(presetSettings('standard')).sort());
  });

  test('allows exactly what the method accepts', () => {
    const accepts = (key: string, value: string | number) => {
      try {
        checkSettings({ ...presetSettings('standard'), [key]: value });
        return true;
      } catch (error) {
        if (error instanceof SettingsError) return false;
        throw error;
      }
    };
    for (const { key, field } of fields) {
      if (field.kind === 'choice') {
        for (const value of Object.keys(field.options)) expect(accepts(key, value)).toBe(true);
        continue;
      }
      if (field.kind === 'text') throw new Error('No setting of a run is a text.');
      const beyond = field.kind === 'real' ? 1e-9 : 1;
      expect([key, accepts(key, field.least), accepts(key, field.most)]).toEqual([key, true, true]);
      expect([key, accepts(key, field.least - beyond)]).toEqual([key, false]);
      expect([key, accepts(key, field.most + 1)]).toEqual([key, false]);
    }
  });
});

const item = (id: string, score: Item['score']): Item => ({
  id,
  instruction: `Name\n ${id}.`,
  response: 'a  b',
  criterion: 'c',
  ...(score && { score }),
});

function judgment(itemId: string, sample: number, score: 1 | 2 | 3 | 4 | 5 | null): JudgmentRecord {
  return {
    id: `${itemId}/${sample}`,
    itemId,
    sample,
    mode: 'point',
    protocol: 'nano-point',
    order: [0],
    usedReference: false,
    policy: 'p',
    sampling: { temperature: 1, topP: 1, maxTokens: 8, seed: 1, round: 1 },
    text: '',
    finished: score !== null,
    rationale: [0, 0],
    score: null,
    verdict: score === null ? { kind: 'failure', reason: 'cut' } : { kind: 'score', score },
  };
}

describe('the grid of scores', () => {
  const items = new Map([item('one', 4), item('two', 2)].map((one) => [one.id, one]));
  const judgments = new Map([['one', [judgment('one', 1, null), judgment('one', 0, 4)]]]);

  test('keeps unread, missing and given scores apart', () => {
    const [one, two] = scoreRows(['one', 'two'], items, judgments);
    expect(one).toMatchObject({ label: 4, scores: [4, null] });
    expect(two).toMatchObject({ label: 2, scores: [] });
  });

  test('counts what is right, unread, cut and divided', () => {
    expect(summarise(items, judgments)).toEqual({
      judgments: 2,
      right: 1,
      unread: 1,
      cut: 1,
      divided: 1,
      items: 1,
    });
  });

  test('names an item in one line', () => {
    expect(itemName(items.get('one'))).toBe('Name one. → a b');
  });
});

test('the pair list has a line for each pair and each item without any', () => {
  const pair = (key: string) => ({
    key,
    itemId: 'one',
    chosen: 'x',
    rejected: 'y',
    strategy: 'correct-answer' as const,
  });
  const made: ItemPairs[] = [
    { itemId: 'one', pairs: [pair('p'), pair('q')], reason: 'two' },
    { itemId: 'two', pairs: [], reason: 'none' },
  ];
  const rows = pairRows(made, new Map());
  expect(filterRows(rows, 'pairs', new Map()).map(({ key }) => key)).toEqual(['p', 'q']);
  expect(filterRows(rows, 'decided', new Map([['q', 'drop']])).map(({ key }) => key)).toEqual(['q']);
  expect(filterRows(rows, 'none', new Map()).map(({ key }) => key)).toEqual(['two']);
});
