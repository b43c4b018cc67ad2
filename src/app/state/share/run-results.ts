import type { SplitItems } from '../../../judge/item.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import type { RunFacts } from '../../../share/of-run.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import type { RunState } from '../improve/run.svelte.ts';
import { sharedModel } from './shared-model.ts';

/** What a link tells of a finished run; null where the seed judge's grades are not there. */
export async function resultsOfRun(
  run: RunState,
  store: RunStore,
  items: SplitItems,
): Promise<RunFacts | null> {
  await run.loadSeed(store, items);
  const { record, seed, results } = run;
  if (!record || !seed || results.length === 0) return null;
  const { engine } = await judgeEngine.ready();
  const { backend } = record.devices?.at(-1) ?? engine.device;
  return {
    settings: record.settings,
    model: await sharedModel(engine, { hash: record.seedPolicy, backend, protocol: record.protocol }),
    before: seed.before,
    // A link has no room for the table itself.
    remap: seed.remap,
    rounds: results,
  };
}
