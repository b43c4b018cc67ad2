/** What the page reads back from its address and its storage, and what a judge wrote. */
import { afterEach, expect, test, vi } from 'vitest';
import { parseRoute, routeToLab } from '../../../src/app/state/shell/route.ts';
import { keptJobOf } from '../../../src/app/state/job/job-record.ts';
import { rememberedModel } from '../../../src/app/state/models/judge-model.ts';
import { changesOf, readTexts, SettingsError } from '../../../src/harness/fields.ts';
import type { Reading } from '../../../src/judge/protocol.ts';
import { fewShotPair } from '../../../src/judge/protocols/few-shot-pair.ts';
import { readAnswer } from '../../../src/judge/protocols/nano-answer.ts';
import { nanoMeta } from '../../../src/judge/protocols/nano-meta.ts';
import { nanoPair } from '../../../src/judge/protocols/nano-pair.ts';
import { prometheusRelative } from '../../../src/judge/protocols/prometheus-relative.ts';
import { PROTOCOLS } from '../../../src/judge/protocols/registry.ts';
import { LAB_IDS, loadLab } from '../../../src/labs/registry.ts';
import { readChoices } from '../../../src/labs/mt-bench/reader-votes.ts';
import { RUN_FIELDS } from '../../../src/rationalize/settings.ts';
import { fuzz, toJson } from './fuzz.ts';

for (const id of LAB_IDS) {
  const { fields, title } = await loadLab(id);
  const seed = Object.entries(fields).map(([key, field]): [string, string] => [key, String(field.default)]);
  fuzz({
    name: `settings in a link to ${title}`,
    seeds: [routeToLab(id, Object.fromEntries(seed)), routeToLab(id, Object.fromEntries(seed.slice(0, 2)))],
    read: (hash) => readTexts(fields, parseRoute(hash).settings),
    refusals: [SettingsError],
    again: (settings) => routeToLab(id, changesOf(fields, settings)),
  });
}

fuzz({
  name: 'settings of a run',
  seeds: ['items-per-round=50&samples=4&beta=0.2', 'rounds=2&seed=7'] as string[],
  read: (query) => readTexts(RUN_FIELDS, Object.fromEntries(new URLSearchParams(query))),
  refusals: [SettingsError],
  again: (settings) => new URLSearchParams(changesOf(RUN_FIELDS, settings)).toString(),
});

fuzz({
  name: 'an address',
  seeds: ['#/improve/calm-otter/1', '#/labs/mt-bench?seed=2&items=10', '#/judge', '#/%E0%A4%A'],
  read: parseRoute,
  refusals: [],
});

afterEach(() => vi.unstubAllGlobals());

const storageOf = (text: string) => {
  let kept = text;
  return {
    getItem: () => kept,
    setItem: (_key: string, value: string) => void (kept = value),
    removeItem: () => {},
  };
};

const LOSS = { when: 1, loss: 'worker-crashed', what: 'It failed.', worked: 3, stage: 'sample', round: 1 };

/** A job of either kind, as the page keeps it. */
const KEPT = [
  {
    job: {
      kind: 'run',
      projectId: 'a',
      runId: 'b',
      paused: true,
      settings: { samples: 4, strategy: 'margin' },
      until: { round: 1, stage: 'sample' },
      judge: { kind: 'local', name: 'mine', adapter: null },
    },
    at: 5,
    progress: { stage: 'sample', round: 1, done: 3, total: 9, tokensPerSecond: null, secondsLeft: 4 },
  },
  {
    job: {
      kind: 'lab',
      projectId: 'a',
      runId: 'b',
      lab: 'mt-bench',
      settings: { seed: 1 },
      others: [{ name: 'c', policy: 'd' }],
      losses: [LOSS],
    },
    at: 6,
    progress: null,
    later: true,
  },
];

test('a job is read as it was kept', () => {
  for (const kept of KEPT) expect(keptJobOf(kept)).toEqual(kept);
});

fuzz({
  name: 'a kept job',
  seeds: KEPT.map((kept) => JSON.stringify(kept)),
  read: (text) => keptJobOf(jsonOrNull(text)),
  refusals: [],
  again: toJson,
});

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

fuzz({
  name: 'the remembered judge',
  seeds: ['{"kind":"stored","name":"a/b"}', '{"kind":"shipped","name":"nano-judge-base"}'],
  read: (text) => {
    vi.stubGlobal('localStorage', storageOf(text));
    return rememberedModel();
  },
  refusals: [],
});

fuzz({
  name: "a reader's votes",
  seeds: ['["a","b","tie"]', '[]'],
  read: (text) => readChoices(text, 5),
  refusals: [],
  check: (choices) => expect(choices.length).toBeLessThanOrEqual(5),
});

/** Spans lie within the text, and nothing that was not written is read. */
function isSound({ verdict, rationale, score }: Reading, text: string): void {
  for (const [begin, end] of score ? [rationale, score] : [rationale])
    expect(0 <= begin && begin <= end && end <= text.length).toBe(true);
  if (score) expect(text.slice(...score)).toMatch(/[\dAB]/);
  if (verdict.kind === 'score') expect([1, 2, 3, 4, 5]).toContain(verdict.score);
  if (verdict.kind === 'scores') for (const one of verdict.scores) expect(one >= 1 && one <= 10).toBe(true);
  if (verdict.kind === 'failure') expect(verdict.reason).toMatch(/\w+ \w+/);
}

const JUDGMENTS: Record<string, readonly string[]> = {
  'nano-point': ['2 of 3 words fit. Score: 3', 'Score: 1 was asked. Score: 5\n'],
  'prometheus-absolute': [
    'The answer is right. [RESULT] 4',
    'Good. Score: (5/5).',
    'so the score of 3 out of 5',
  ],
  'few-shot-point': [' It names the cause. [RESULT] 5\n\nQuestion: what? [RESULT] 1'],
};

for (const [id, protocol] of Object.entries(PROTOCOLS))
  fuzz({
    name: `what ${id} reads`,
    seeds: JUDGMENTS[id]!,
    read: (text) => protocol.parse(text),
    refusals: [],
    check: isSound,
  });

fuzz({
  name: 'what few-shot-pair reads',
  seeds: [' 4 2\nThe first', ' 5 5'],
  read: (text) => fewShotPair.parse(text),
  refusals: [],
  check: isSound,
});
fuzz({
  name: 'what nano-pair reads',
  seeds: ['10 3\nThe first', '1 2'],
  read: (text) => nanoPair.parse(text),
  refusals: [],
  check: isSound,
});
fuzz({
  name: 'what nano-meta reads',
  seeds: ['It counts right. Better: 2', 'Better: 1'],
  read: (text) => nanoMeta.parse(text),
  refusals: [],
  check: isSound,
});
fuzz({
  name: 'what prometheus-relative reads',
  seeds: ['A is clearer. [RESULT] A', 'Result: (B)'],
  read: (text) => prometheusRelative.parse(text),
  refusals: [],
  check: isSound,
});
fuzz({ name: 'an exam answer', seeds: ['blue, red\n### Criterion', 'blue'], read: readAnswer, refusals: [] });
