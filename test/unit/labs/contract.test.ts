import { describe, expect, it } from 'vitest';
import { changesOf, defaultsOf, readTexts, SettingsError } from '../../../src/harness/fields.ts';
import { Job } from '../../../src/harness/job.ts';
import type { LabRun } from '../../../src/harness/lab-run.ts';
import { MemoryLabRuns } from '../../../src/harness/lab-run-store.ts';
import { blockText } from '../../../src/harness/report-text.ts';
import { LAB_GROUPS, type Lab, type LabBench } from '../../../src/labs/lab.ts';
import { LAB_IDS, loadLab } from '../../../src/labs/registry.ts';
import { OtherRunError, runLab } from '../../../src/labs/run-lab.ts';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { marksThatOpen } from './marks.ts';
import { labBench } from './lab-bench.ts';
import { readReleased } from './released-files.ts';
import { smallSettings } from './small-settings.ts';
import { OracleEngine } from './oracle-engine.ts';

/** Times and speeds are not what a lab finds. */
function timeless(run: LabRun): unknown {
  const drop = new Set(['created', 'since', 'seconds', 'tokensPerSecond', 'snapshotShare']);
  return JSON.parse(JSON.stringify(run, (key, value: unknown) => (drop.has(key) ? undefined : value)));
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** Runs until `events` events have passed, cancels, and runs again on the same store with a new engine. */
async function interrupted(lab: Lab, events: number): Promise<LabRun> {
  const [store, runs] = [new MemoryStore(), new MemoryLabRuns()];
  let seen = 0;
  const job: Job<LabRun> = new Job((control) => {
    const emit: LabBench['emit'] = () => {
      if (++seen === events) job.cancel();
    };
    return runLab(
      lab,
      labBench({ store, control, emit, engine: new OracleEngine(turn) }),
      smallSettings(lab),
      runs,
    );
  });
  await job.result.catch(() => {});
  expect(['cancelled', 'done']).toContain(job.state);
  return runLab(lab, labBench({ store }), smallSettings(lab), runs);
}

describe.each(LAB_IDS)('%s', async (id) => {
  const lab = await loadLab(id);
  const runs = new MemoryLabRuns();
  const unbroken = await runLab(lab, labBench(), smallSettings(lab), runs);

  it('says what it is', () => {
    expect(lab.id).toBe(id);
    expect(Object.keys(LAB_GROUPS)).toContain(lab.group);
    for (const text of [lab.title, lab.question, lab.about, lab.paperFound, lab.paper.title])
      expect(text.trim()).not.toBe('');
    expect(lab.question).toMatch(/\?$/);
    expect(lab.paper.arxiv).toMatch(/^\d{4}\.\d{5}$/);
  });

  it('has a seed, and shows at most three of its settings beside the button', () => {
    expect(lab.fields['seed']?.kind).toBe('count');
    expect(lab.main.length).toBeLessThanOrEqual(3);
    for (const key of lab.main) expect(Object.keys(lab.fields)).toContain(key);
  });

  it('accepts its defaults and presets, and refuses bad settings in words', () => {
    const defaults = defaultsOf(lab.fields);
    expect(lab.check(defaults)).toEqual(defaults);
    for (const { changes } of Object.values(lab.presets ?? {})) lab.check({ ...defaults, ...changes });
    for (const [key, field] of Object.entries(lab.fields)) {
      const bad = field.kind === 'count' || field.kind === 'real' ? field.most + 1 : 12.5;
      expect(() => lab.check({ ...defaults, [key]: bad })).toThrow(SettingsError);
    }
    expect(() => lab.check({ ...defaults, nothing: 1 })).toThrow(SettingsError);
    expect(() => readTexts(lab.fields, { nothing: '1' })).toThrow(/There is no setting "nothing"/);
  });

  it('carries its settings through a link', () => {
    const settings = smallSettings(lab);
    expect(readTexts(lab.fields, changesOf(lab.fields, settings))).toEqual(settings);
  });

  it('finds numbers that JSON carries whole', () => {
    const { result } = unbroken.outcome!;
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('draws every block, in words as well, and every mark opens something', () => {
    const blocks = lab.report(unbroken.outcome!.result, unbroken.settings);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) expect(blockText(block)).not.toMatch(/undefined|NaN|\[object/);
    const exhibits = unbroken.outcome!.exhibits ?? {};
    for (const name of marksThatOpen(blocks)) expect(exhibits[name]?.length, name).toBeGreaterThan(0);
    expect(lab.says(unbroken.outcome!.result, unbroken.settings)).toMatch(/\d/);
  });

  it('goes on after an interruption as if there had been none', async () => {
    for (const events of [3, 40])
      expect(timeless(await interrupted(lab, events))).toEqual(timeless(unbroken));
  });

  it('does not go on with other settings, another judge or another protocol', async () => {
    const { seed } = unbroken.settings;
    const go = (bench: LabBench, changes: object = {}) =>
      runLab(lab, bench, { ...smallSettings(lab), ...changes }, runs);
    await expect(go(labBench(), { seed: Number(seed) + 1 })).rejects.toThrow(OtherRunError);
    const other = new OracleEngine();
    other.model.hash = 'another';
    await expect(go(labBench({ engine: other }))).rejects.toThrow(/another/);
    const { protocol } = labBench();
    await expect(go(labBench({ protocol: { ...protocol, id: 'strange' } }))).rejects.toThrow(/strange/);
  });

  it('costs something, stage by stage', () => {
    const speed = { promptToken: 1e-4, generatedToken: 1e-4, trainedToken: 1e-4, trainingStep: 0.1, promptLength: 60, judgmentLength: 50 }; // prettier-ignore
    const stages = lab.cost(unbroken.settings, speed);
    expect(stages.reduce((sum, { seconds }) => sum + seconds, 0)).toBeGreaterThan(0);
    for (const { seconds, bytes } of stages) expect([seconds, bytes].every(Number.isFinite)).toBe(true);
  });

  if (!lab.released) return;
  it('opens released verdicts without a judge', async () => {
    const { result, exhibits } = await lab.released!.open(readReleased, defaultsOf(lab.fields));
    const blocks = lab.report(result, defaultsOf(lab.fields));
    for (const block of blocks) expect(blockText(block)).not.toMatch(/undefined|NaN|\[object/);
    for (const name of marksThatOpen(blocks)) expect(exhibits?.[name]?.length, name).toBeGreaterThan(0);
    expect((await lab.released!.data(readReleased)).size).toBeGreaterThan(0);
    expect(lab.released!.source).toMatch(/http|github|arXiv/i);
  });
});
