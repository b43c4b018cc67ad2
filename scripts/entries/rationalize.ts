/** The headless side of `npm run rationalize`: the same `rationalize` that the Improve page runs. */
import { openEngine } from '../../workers/pool.ts';
import { openJudge } from '../../src/harness/open-judge.ts';
import { estimateCost, type Cost } from '../../src/rationalize/cost.ts';
import type { RunEvent } from '../../src/rationalize/events.ts';
import { measuredWork } from '../../src/rationalize/train-round.ts';
import { measureSpeed } from '../../src/harness/device-speed.ts';
import { MemoryStore } from '../../src/rationalize/memory-store.ts';
import { PRESETS, presetSettings, type PresetName } from '../../src/rationalize/presets.ts';
import type { Results } from '../../src/rationalize/results.ts';
import { rationalize } from '../../src/rationalize/run.ts';
import { Connection } from '../../src/store/connection.ts';
import { DatabaseStore } from '../../src/store/database-store.ts';
import type { Host } from '../host.ts';
import { progressLog } from './progress-log.ts';
import { checkBackend } from './local-model.ts';
import { splitItems } from './split-items.ts';

export interface RationalizeArgs {
  preset: string;
  changes: Record<string, unknown>;
  backend: string;
  /** Model folder, a URL or a path on the development server; null for the embedded judge. */
  model: string | null;
  /** Names of the user's files in the work folder. */
  data: string | null;
  heldout: string | null;
  /** Keep records in IndexedDB, so that the same command continues an interrupted run. */
  keep: boolean;
}

function checkPreset(name: string): PresetName {
  if (name in PRESETS) return name as PresetName;
  throw new RangeError(`There is no preset "${name}"; there are ${Object.keys(PRESETS).join(', ')}.`);
}

function logEvent(log: (line: string) => void): (event: RunEvent) => void {
  const onProgress = progressLog(log);
  return (event) => {
    if (event.type === 'progress') onProgress(event.progress);
    if (event.type === 'self-test')
      log(`first step: DPO loss ${event.selfTest.loss.toFixed(6)} (ln 2 = ${Math.LN2.toFixed(6)})`);
    if (event.type === 'results')
      log(`round ${event.round}: accuracy ${(event.results.accuracy * 100).toFixed(1)} %`);
  };
}

/** "before 14 s, sample 28 s, train 70 s, evaluate 18 s": the expected seconds of each stage over all rounds. */
function byStage({ stages }: Cost): string {
  const sums = Map.groupBy(stages, ({ stage }) => stage);
  return [...sums]
    .map(([stage, parts]) => `${stage} ${parts.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s`)
    .join(', ');
}

export default async function runRationalize(args: RationalizeArgs, host: Host): Promise<Results> {
  const log = (line: string) => host.log(line);
  const settings = presetSettings(checkPreset(args.preset), args.changes);
  const url = new URL(args.model ?? '/models/nano-judge/', location.href).href;
  const items = await splitItems(host, args);
  const judge = await openJudge(openEngine, {
    backend: checkBackend(args.backend),
    source: { name: url.split('/').at(-2)!, url },
  });
  const { engine, tokenizer, protocol } = judge;
  log(`${engine.model.name} ${engine.model.hash} on ${engine.device.backend}, ${engine.device.device}`);
  try {
    const store = args.keep ? new DatabaseStore(await Connection.open()) : new MemoryStore();
    const speed = await measureSpeed(judge, items.train, measuredWork(settings));
    const supply = { train: items.train.length, heldout: items.heldout.length };
    const cost = estimateCost(settings, supply, speed, engine.model);
    log(
      `expected: about ${cost.seconds.toFixed(0)} s, ${(cost.bytes / 1e6).toFixed(0)} MB (${byStage(cost)})`,
    );
    const start = performance.now();
    const runId = `headless-${JSON.stringify([settings, args.data, args.heldout])}`;
    const results = await rationalize({
      engine,
      tokenizer,
      protocol,
      items,
      settings,
      store,
      runId,
      onEvent: logEvent(log),
    });
    log(`took ${((performance.now() - start) / 1000).toFixed(0)} s`);
    return results!;
  } finally {
    engine.close();
  }
}
