import { builtInItems } from '../../../src/data/micro/built-in.ts';
import { inSlices } from '../../../src/judge/steps.ts';
import { CurrentPolicy } from '../../../src/harness/workbench.ts';
import { uninterrupted } from '../../../src/harness/job.ts';
import { nanoPoint } from '../../../src/judge/protocols/nano.ts';
import type { LabBench } from '../../../src/labs/lab.ts';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { letters } from '../harness/scripted-engine.ts';
import { OracleEngine } from './oracle-engine.ts';

/** A bench with a scripted judge and everything in memory. */
export function labBench(more: Partial<LabBench> = {}): LabBench {
  const engine = more.engine ?? new OracleEngine();
  const store = more.store ?? new MemoryStore();
  return {
    engine,
    tokenizer: letters,
    protocol: nanoPoint,
    store,
    control: uninterrupted(),
    emit: () => {},
    policy: new CurrentPolicy(engine, store),
    judges: [{ name: engine.model.name, policy: engine.model.hash }],
    items: null,
    readReleased: (path) => Promise.reject(new Error(`${path} is not read by a run.`)),
    builtInItems: () => inSlices(builtInItems()),
    runId: 'run',
    projectId: 'project',
    ...more,
  };
}
