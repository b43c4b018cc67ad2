import { describe, expect, it } from 'vitest';
import { random } from '../../../src/judge/random.ts';
import { MemoryLabRuns } from '../../../src/harness/lab-run-store.ts';
import type { Results } from '../../../src/rationalize/results.ts';
import { LAB_IDS, loadLab } from '../../../src/labs/registry.ts';
import { runLab } from '../../../src/labs/run-lab.ts';
import { fillLink, SHORT_LINK } from '../../../src/share/filling.ts';
import { experimentOf, linkOf } from '../../../src/share/link.ts';
import { LinkError } from '../../../src/share/link-text.ts';
import { experimentOfLab, fingerprintsOfLab, settingsOfLab } from '../../../src/share/of-lab.ts';
import { metricsOfRun } from '../../../src/share/of-run.ts';
import { labBench } from '../labs/lab-bench.ts';
import { smallSettings } from '../labs/small-settings.ts';
import { EXPERIMENT } from './experiment.ts';

const { blocks: BLOCKS = [], judgments: JUDGMENTS = [], ...BARE } = EXPERIMENT;
const NOTES = {
  title: 'What my class found',
  note: 'Look at the lists first. '.repeat(12),
};

describe.each(LAB_IDS)('a link to a run of %s', async (id) => {
  const lab = await loadLab(id);
  const { settings, judge, data, outcome } = await runLab(
    lab,
    labBench(),
    smallSettings(lab),
    new MemoryLabRuns(),
  );
  const results = {
    lab: id,
    settings,
    judge: judge && { ...judge, hash: '980797a92aa9fd48' },
    data,
    result: outcome!.result,
  };
  const told = {
    experiment: { ...experimentOfLab(results, lab.fields, '0.1.0'), ...NOTES },
    says: lab.says(results.result, settings),
    fingerprints: fingerprintsOfLab(results),
    blocks: lab.report(results.result, settings),
  };
  const filled = fillLink(told);

  it('is short enough for a chat, and comes back', () => {
    expect(filled.link.length).toBeLessThanOrEqual(SHORT_LINK);
    expect(experimentOf(filled.link)).toEqual(filled.experiment);
    expect(settingsOfLab(filled.experiment, lab.fields)).toEqual(settings);
  });

  it('has its note, its fingerprints and its first picture', () => {
    const { title, note, fingerprints, blocks = [] } = filled.experiment;
    expect({ title, note }).toEqual(NOTES);
    expect(fingerprints).toEqual(told.fingerprints);
    expect(filled.holds.blocks.count).toBe(blocks.length);
    const [first] = told.blocks.filter(({ kind }) => kind !== 'sentence');
    expect(blocks[0]).toMatchObject({ kind: first!.kind, title: (first as { title: string }).title });
  });
});

describe('filling a link', () => {
  it('puts judgments in while they fit, and says how many there were', () => {
    const next = random('a text without repetitions');
    const text = () => Array.from({ length: 150 }, () => String.fromCharCode(33 + next() * 90)).join('');
    const judgments = Array.from({ length: 6 }, (_, item) => ({
      item,
      before: { text: text(), score: 3 as const },
    }));
    const { holds, experiment, link } = fillLink({ experiment: BARE, judgments, longest: 1000 });
    expect(holds.judgments.of).toBe(6);
    expect(holds.judgments.count).toBeGreaterThan(0);
    expect(holds.judgments.count).toBeLessThan(6);
    expect(experiment.judgments).toHaveLength(holds.judgments.count);
    expect(link.length).toBeLessThanOrEqual(1000);
  });

  it('keeps all metrics where there is room, however many blocks there are', () => {
    const filled = fillLink({ experiment: BARE, blocks: BLOCKS, judgments: JUDGMENTS });
    expect(filled.experiment).toEqual(EXPERIMENT);
    expect(filled.link).toBe(linkOf(EXPERIMENT));
  });

  it('refuses what fits into no link', () => {
    const long = { ...BARE, settings: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`name${String.fromCharCode(97 + (i % 26))}${i}`, String(Math.sin(i))])) }; // prettier-ignore
    expect(() => fillLink({ experiment: long, longest: 300 })).toThrow(LinkError);
  });
});

describe('metrics of a run', () => {
  it('are those of its results, to four decimals', () => {
    const judge = { items: 1500, accuracy: 0.47266666, mae: 0.88866666, pearson: null, spearman: 0.63181231, qwk: 0.5696178, parseFailures: 0, rationaleExact: 0.6726666, rationaleExactSlips: null, confusion: [], cells: null }; // prettier-ignore
    const interval = { mean: -0.00004, low: -0.29269292, high: 0.351237 };
    const round = { ...judge, round: 1, difference: interval, differenceFromRemap: interval, differenceFromPrevious: interval, rationaleDifference: null }; // prettier-ignore
    const metrics = metricsOfRun({ before: judge, remap: judge, rounds: [round] } as unknown as Results);
    expect(metrics).toMatchObject({
      before: { items: 1500, accuracy: 0.4727, mae: 0.8887, pearson: null, parseFailures: 0 },
      rounds: [{ accuracy: 0.4727, difference: { mean: 0, low: -0.2927, high: 0.3512 } }],
    });
  });
});
