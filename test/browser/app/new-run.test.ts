import { mount, unmount } from 'svelte';
import { beforeEach, expect, test, vi, type MockInstance } from 'vitest';
import SettingsForm from '../../../src/app/pages/improve/SettingsForm.svelte';
import { storyRun } from '../../../src/app/pages/start/storyRun.svelte.ts';
import { improve, NEW_RUN } from '../../../src/app/state/improve/improve.svelte.ts';
import { runningJob } from '../../../src/app/state/job/job.svelte.ts';
import { project } from '../../../src/app/state/project/project.svelte.ts';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import type { Run } from '../../../src/rationalize/records.ts';

function run(id: string, seed: number): Run {
  return {
    id,
    projectId: 'project',
    name: `run ${id}`,
    settings: presetSettings('quick', { seed }),
    protocol: 'nano-point',
    seedPolicy: 'seed',
    appVersion: '0',
    created: 1,
    cursor: { round: 1, stage: 'sample', done: true },
  };
}

let start: MockInstance<typeof runningJob.start>;

beforeEach(() => {
  vi.spyOn(project, 'open').mockResolvedValue();
  vi.spyOn(project, 'store', 'get').mockReturnValue(new MemoryStore());
  vi.spyOn(project, 'id', 'get').mockReturnValue('project');
  start = vi.spyOn(runningJob, 'start').mockResolvedValue();
});

test('a project’s first run keeps the preset’s seed', async () => {
  project.runs = [];
  await improve.show(NEW_RUN);
  expect(improve.settings).toEqual(presetSettings('quick'));
});

test('a new run takes a seed that no earlier one has, and only a new seed', async () => {
  project.runs = [run('first', 1)];
  await improve.show(NEW_RUN);
  const { seed } = improve.settings;
  expect(seed).not.toBe(1);
  expect(seed).toBe(improve.givenSeed);
  expect(improve.settings).toEqual(presetSettings('quick', { seed }));
});

test('a seed that a person wrote stays, until a run has begun with it', async () => {
  project.runs = [run('first', 1)];
  improve.settings = { ...improve.settings, seed: 5 };
  await improve.show(NEW_RUN);
  expect(improve.settings.seed).toBe(5);
  await improve.start();
  expect(start).toHaveBeenCalledOnce();
  expect(improve.run.settings.seed).toBe(5);
  expect([1, 5]).not.toContain(improve.settings.seed);
  expect(improve.settings.seed).toBe(improve.givenSeed);
});

test.each([
  { isFirst: false, says: true },
  { isFirst: true, says: false },
])('the form says that the seed is new, but not of a first run: $isFirst', async ({ isFirst, says }) => {
  const settings = presetSettings('quick', { seed: 77 });
  const props = { preset: 'quick' as const, settings, givenSeed: 77, isFirst };
  const form = mount(SettingsForm, { target: document.body, props });
  expect(document.body.textContent.includes('New seed: 77')).toBe(says);
  expect(document.body.textContent).not.toContain('Changed:');
  await unmount(form);
});

test('the story’s first run keeps the preset’s seed, its next one does not', async () => {
  project.runs = [];
  await storyRun.improve();
  expect(storyRun.run?.settings).toEqual(presetSettings('quick'));
  expect(storyRun.draft.settings.seed).not.toBe(1);
});
