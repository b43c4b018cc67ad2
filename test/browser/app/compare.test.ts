import { deleteDB } from 'idb';
import { mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import Compare from '../../../src/app/pages/Compare.svelte';
import { toasts } from '../../../src/app/state/shell/toasts.svelte.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import { newRound } from '../../../src/rationalize/records.ts';
import { Connection } from '../../../src/store/connection.ts';
import { DatabaseStore } from '../../../src/store/database-store.ts';
import { ProjectStore } from '../../../src/store/projects.ts';

afterEach(() => deleteDB('judge-playground'));

/** A project with one run, as a page of yesterday left it. */
async function storeYesterday(): Promise<void> {
  const database = await Connection.open();
  const { id: projectId } = await new ProjectStore(database).create(
    {
      name: 'yesterday',
      itemsHash: 'items',
      splitHash: 'split',
      source: 'items of yesterday',
      rubric: '',
      seedModel: { name: 'nano', hash: 'seed' },
    },
    { train: [], validation: [], heldout: [] },
  );
  const store = new DatabaseStore(database);
  await store.putRun({
    id: 'run',
    projectId,
    name: 'calm otter',
    settings: presetSettings('quick'),
    protocol: 'nano-point',
    seedPolicy: 'seed',
    appVersion: '0',
    created: 1,
    cursor: { round: 1, stage: 'sample', done: false },
  });
  await store.putRound(newRound('run', 1, 'seed', []));
  database.close();
}

test('opened by its address, before the project is, it waits and then shows the runs', async () => {
  await storeYesterday();
  const failures: unknown[] = [];
  const onFailure = (event: ErrorEvent | PromiseRejectionEvent): void => {
    failures.push('reason' in event ? event.reason : event.error);
    event.preventDefault();
  };
  window.addEventListener('error', onFailure);
  window.addEventListener('unhandledrejection', onFailure);
  const page = mount(Compare, { target: document.body });
  await expect.poll(() => document.body.innerText).toContain('0 of 1');
  expect(document.body.innerText).toContain('calm otter');
  expect([...failures, ...toasts.shown]).toEqual([]);
  window.removeEventListener('error', onFailure);
  window.removeEventListener('unhandledrejection', onFailure);
  await unmount(page);
});
