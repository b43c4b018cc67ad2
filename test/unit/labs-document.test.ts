import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../src/harness/fields.ts';
import { defineLab, type LabDefinition } from '../../src/labs/lab.ts';
import { labsDocument, MixedRunsError, type LabResults } from '../../scripts/lab/labs-document.ts';

const FIELDS = {
  seed: { kind: 'count', label: 'Seed', hint: '', default: 7, least: 0, most: 9 },
} as const;

const definition: LabDefinition<typeof FIELDS, { share: number }> = {
  id: 'small',
  title: 'Small lab',
  group: 'trust',
  paper: { title: 'On small labs', authors: 'Nobody and others', year: 2025, arxiv: '2501.00001' },
  question: 'Is it small?',
  about: '',
  needs: { subjects: 'nothing', labels: false, ownItems: false },
  fields: FIELDS,
  main: [],
  cost: () => [],
  run: async () => ({ result: { share: 0.5 } }),
  data: () => ({ name: 'few', hash: 'abcd', size: 3 }),
  released: {
    name: 'Votes of the paper',
    source: 'https://example.org',
    open: async () => ({ result: { share: 1 } }),
    data: async () => ({ name: 'votes', hash: 'ef01', size: 9 }),
  },
  report: ({ share }) => [{ kind: 'sentence', text: `A share of ${share}.` }],
  paperFound: 'It was small.',
  says: ({ share }) => `It shows ${share}.`,
};
const lab = defineLab(definition);

const results = (hash = 'judgehash'): LabResults => {
  const settings = defaultsOf(lab.fields);
  const judge = { name: 'nano', hash, backend: 'wasm', protocol: 'nano-point' };
  const data = { name: 'few', hash: 'abcd', size: 3 };
  const run = { lab: 'small', settings, judge, data, result: { share: 0.5 }, seconds: 41.6, load: 2.2 };
  const released = { lab: 'small', settings, judge: null, data: { name: 'votes', hash: 'ef01', size: 9 }, result: { share: 1 } }; // prettier-ignore
  return { lab, run, released };
};

describe('the document of all labs', () => {
  const text = labsDocument([results()], 'Chromium 1, 2 CPU cores');

  it('says how it was made, without a date', () => {
    expect(text).toMatch(
      /npm run results:labs.*Judge `nano`, hash `judgehash`, backend wasm; Chromium 1, 2 CPU cores/,
    );
    expect(text).not.toMatch(/\d{4}-\d{2}-\d{2}/);
  });

  it('has question, paper, sentences, blocks, data, settings and seconds of each lab', () => {
    for (const part of [
      '| Small lab | Is it small? | 42 s | 2 |', '## Small lab: Is it small?', 'It shows 0.5.', 'It was small.',
      'A share of 0.5.', 'data: few, 3, hash abcd', 'On small labs (Nobody and others 2025, https://arxiv.org/abs/2501.00001)',
      'Settings: Seed: 7.', '42 s.',
    ]) expect(text).toContain(part); // prettier-ignore
  });

  it('has the released verdicts with their source', () => {
    for (const part of [
      '### Small lab',
      'It shows 1.',
      'data: votes, 9, hash ef01',
      'Votes of the paper',
      'https://example.org',
    ])
      // prettier-ignore
      expect(text).toContain(part);
  });

  it('is not made of runs by several judges', () => {
    expect(() => labsDocument([results(), results('other')], '')).toThrow(MixedRunsError);
  });
});
