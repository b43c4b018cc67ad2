import { expect, it } from 'vitest';
import { APP_VERSION } from '../../../src/harness/app-version.ts';
import { MemoryLabRuns } from '../../../src/harness/lab-run-store.ts';
import { loadLab } from '../../../src/labs/registry.ts';
import { runLab } from '../../../src/labs/run-lab.ts';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { losingEngine } from '../harness/losing-engine.ts';
import { labBench } from './lab-bench.ts';
import { OracleEngine } from './oracle-engine.ts';
import { smallSettings } from './small-settings.ts';

const on = (backend: string) =>
  Object.assign(new OracleEngine(), { device: { backend, device: 'script', workers: 1 } });

it('goes on on another backend, asks all again there, and says so', async () => {
  const lab = await loadLab('judgebench');
  const settings = smallSettings(lab);
  const whole = await runLab(lab, labBench({ engine: on('wasm') }), settings, new MemoryLabRuns());

  const [store, runs] = [new MemoryStore(), new MemoryLabRuns()];
  const lost = losingEngine(on('webgpu'), { made: 0, losses: new Set([12]) }, 'device-lost');
  await expect(runLab(lab, labBench({ store, engine: lost }), settings, runs)).rejects.toThrow(
    /graphics device/,
  );
  const loss = { when: 1, loss: 'device-lost', what: 'The graphics device …', worked: 2 } as const;
  const engine = on('wasm');
  const moved = await runLab(lab, labBench({ store, engine }), settings, runs, [loss]);
  expect(moved.outcome).toEqual(whole.outcome);
  expect(moved.judge!.backend).toBe('wasm');
  expect(moved.devices!.map(({ backend }) => backend)).toEqual(['webgpu', 'wasm']);
  expect(moved.losses).toEqual([loss]);
  expect(await runs.labRun(moved.id)).toEqual(moved);
});

it('lists the version of the app that goes on with it', async () => {
  const lab = await loadLab('judgebench');
  const settings = smallSettings(lab);
  const begun = new MemoryLabRuns();
  const { versions } = await runLab(lab, labBench(), settings, begun);
  expect(versions).toMatchObject([{ version: APP_VERSION }]);
  const [run] = await begun.labRuns(labBench().projectId);
  const runs = new MemoryLabRuns();
  await runs.putLabRun({ ...run!, outcome: null, versions: [{ version: '0.0.9', since: 1 }] });
  const resumed = await runLab(lab, labBench(), settings, runs);
  expect(resumed.versions!.map(({ version }) => version)).toEqual(['0.0.9', APP_VERSION]);
});
