/** The headless side of `npm run lab`: any lab, by the same `runLab` that the page calls. */
import { readTexts, type FieldValues } from '../../src/harness/fields.ts';
import { uninterrupted } from '../../src/harness/job.ts';
import type { LabRun } from '../../src/harness/lab-run.ts';
import { MemoryLabRuns } from '../../src/harness/lab-run-store.ts';
import { openJudge } from '../../src/harness/open-judge.ts';
import { CurrentPolicy, reporting } from '../../src/harness/workbench.ts';
import { contentHash } from '../../src/data/split.ts';
import { builtInItems } from '../../src/data/micro/built-in.ts';
import { inSlices } from '../../src/judge/steps.ts';
import type { Lab, LabBench } from '../../src/labs/lab.ts';
import { loadLab } from '../../src/labs/registry.ts';
import { runLab } from '../../src/labs/run-lab.ts';
import { MemoryStore } from '../../src/rationalize/memory-store.ts';
import { Connection } from '../../src/store/connection.ts';
import { DatabaseStore } from '../../src/store/database-store.ts';
import { DatabaseLabRuns } from '../../src/store/lab-runs.ts';
import { openEngine } from '../../workers/pool.ts';
import type { ModelSource } from '../../workers/protocol.ts';
import type { Host } from '../host.ts';
import { checkBackend, localFolder } from './local-model.ts';
import { progressLog } from './progress-log.ts';
import { splitItems } from './split-items.ts';

export interface LabArgs {
  lab: string;
  /** Settings as the command line writes them, by name. */
  settings: Record<string, string>;
  backend: string;
  /** A folder's URL; null for the embedded judge, or for a model of this machine (`local`). */
  model: string | null;
  /** Name of the model that is the local folder "model"; null where it comes from a URL. */
  local: string | null;
  /** Names of the user's files in the work folder. */
  data: string | null;
  /** Keep records in IndexedDB, so that the same command continues an interrupted run. */
  keep: boolean;
}

/** What an interrupted run needs to be found again: everything that names it. */
const runIdOf = ({ lab, data }: LabArgs, settings: FieldValues, judge: string) =>
  `headless-${contentHash([lab, settings, data, judge])}`;

async function sourceOf({ model, local }: LabArgs): Promise<ModelSource> {
  if (local !== null) return { name: local, files: await localFolder('model') };
  const url = new URL(model ?? '/models/nano-judge/', location.href).href;
  return { name: url.split('/').at(-2)!, url };
}

async function readReleased(path: string): Promise<string> {
  const response = await fetch(`/data/${path}`);
  if (!response.ok) throw new Error(`/data/${path}: ${response.status} ${response.statusText}`);
  return response.text();
}

async function openBench(args: LabArgs, lab: Lab, settings: FieldValues, host: Host) {
  const backend = checkBackend(args.backend);
  const source = await sourceOf(args);
  const { engine, tokenizer, protocol } = await openJudge(openEngine, { backend, source });
  const { name, hash } = engine.model;
  host.log(`${lab.title}: ${name} ${hash} on ${backend}, ${engine.device.device}`);
  const database = args.keep ? await Connection.open() : null;
  const store = database ? new DatabaseStore(database) : new MemoryStore();
  const runs = database ? new DatabaseLabRuns(database) : new MemoryLabRuns();
  const onProgress = progressLog((line) => host.log(line));
  const emit: LabBench['emit'] = (event) => {
    if (event.type === 'progress') onProgress(event.progress);
  };
  const bench: LabBench = {
    engine,
    tokenizer,
    protocol,
    store,
    emit,
    control: reporting(uninterrupted(), emit),
    policy: new CurrentPolicy(engine, store),
    judges: [{ name, policy: hash }],
    items: args.data === null ? null : await splitItems(host, { data: args.data, heldout: null }),
    builtInItems: () => inSlices(builtInItems()),
    readReleased,
    runId: runIdOf(args, settings, hash),
    projectId: '',
  };
  return { bench, runs };
}

export default async function runLabHeadless(args: LabArgs, host: Host): Promise<LabRun> {
  const lab = await loadLab(args.lab);
  const settings = readTexts(lab.fields, args.settings);
  const { bench, runs } = await openBench(args, lab, settings, host);
  try {
    const started = performance.now();
    const run = await runLab(lab, bench, settings, runs);
    host.log(`took ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return run;
  } finally {
    bench.engine.close();
  }
}
