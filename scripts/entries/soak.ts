/** The headless side of `npm run soak`: one engine that run after run is made on, and judges that are opened beside it. */
import { builtInItems } from '../../src/data/micro/built-in.ts';
import { adaptedEngine, adaptedHash } from '../../src/harness/adapted-engine.ts';
import { greedy, judgmentsOf } from '../../src/harness/judge-items.ts';
import type { OpenJudge } from '../../src/harness/judge-facts.ts';
import { openJudge } from '../../src/harness/open-judge.ts';
import { quietWorkbench } from '../../src/harness/workbench.ts';
import type { SplitItems } from '../../src/judge/item.ts';
import { atOnce } from '../../src/judge/steps.ts';
import { openWeights } from '../../src/model/formats/model-weights.ts';
import { readAdapter } from '../../src/model/formats/peft.ts';
import { MemoryStore } from '../../src/rationalize/memory-store.ts';
import { presetSettings } from '../../src/rationalize/presets.ts';
import { rationalize } from '../../src/rationalize/run.ts';
import type { RunSettings } from '../../src/rationalize/settings.ts';
import { Connection } from '../../src/store/connection.ts';
import { DatabaseStore } from '../../src/store/database-store.ts';
import { openEngine } from '../../workers/pool.ts';
import type { MemoryReport, ModelSource } from '../../workers/protocol.ts';
import { checkBackend, localFolder } from './local-model.ts';

export type SoakCommand =
  /** Opens the embedded judge, which stays open. */
  | { do: 'open'; backend: string }
  /** A whole run of Self-Rationalization on it, stored in IndexedDB. */
  | { do: 'run'; settings: Partial<RunSettings> }
  /** Opens another judge beside it, asks it, and closes it. */
  | { do: 'ask'; judge: string; local: boolean; adapter?: string };

interface Session {
  judge: OpenJudge;
  store: DatabaseStore;
  items: SplitItems;
}
let session: Session | null = null;

function opened(): Session {
  if (!session) throw new Error('No judge is open.');
  return session;
}

/** Resolves with what the open engine holds afterwards. */
export default async function soak(command: SoakCommand): Promise<MemoryReport> {
  if (command.do === 'open') await open(command.backend);
  if (command.do === 'run') await run(command.settings);
  if (command.do === 'ask') await ask(command);
  return opened().judge.engine.memory();
}

async function open(backend: string): Promise<void> {
  const source = shipped('nano-judge');
  session = {
    judge: await openJudge(openEngine, { backend: checkBackend(backend), source }),
    store: new DatabaseStore(await Connection.open()),
    items: atOnce(builtInItems()),
  };
}

const shipped = (name: string): ModelSource => ({
  name,
  url: new URL(`/models/${name}/`, location.href).href,
});

async function run(changes: Partial<RunSettings>): Promise<void> {
  const { judge, store, items } = opened();
  const { engine, tokenizer, protocol } = judge;
  await rationalize({
    engine,
    tokenizer,
    protocol,
    items,
    store,
    settings: presetSettings('quick', changes),
  });
}

async function ask({ judge: name, local, adapter }: Extract<SoakCommand, { do: 'ask' }>): Promise<void> {
  const { judge: own, items } = opened();
  const source = local ? { name, files: await localFolder(name) } : shipped(name);
  const judge = await openJudge(openEngine, { backend: own.engine.device.backend, source });
  try {
    await grade(judge, items);
    if (adapter !== undefined) await grade(await withAdapter(judge, source, adapter), items);
  } finally {
    judge.engine.close();
  }
}

async function withAdapter(judge: OpenJudge, source: ModelSource, name: string): Promise<OpenJudge> {
  if (!('files' in source)) throw new Error('Adapters go on local judges here.');
  const { config } = await openWeights(source.files);
  const policy = await readAdapter(await localFolder(name), config);
  const hash = await adaptedHash(judge.engine.model.hash, policy);
  const engine = adaptedEngine(judge.engine, policy, { hash, name });
  await engine.usePolicy({ kind: 'seed' });
  return { ...judge, engine };
}

/** Four grades of each of four items; what they say does not matter here. */
async function grade(judge: OpenJudge, { heldout }: SplitItems): Promise<void> {
  await judgmentsOf(quietWorkbench(judge, new MemoryStore()), {
    stage: 'Judging',
    items: heldout.slice(0, 4),
    policy: judge.engine.model.hash,
    protocol: judge.protocol,
    samples: 4,
    sampling: { ...greedy(48), temperature: 1, seed: 1 },
  });
}
