import type { Pair } from '../../rationalize/pair.ts';
import { judgmentIdOf, type AnyRecord, type BundleStore, type RecordOf } from './stores.ts';

/** What records of a bundle are called here, where their own ids are taken. */
export interface NewIds {
  project: string;
  /** By the ids in the bundle; runs and labs' runs alike, since a run that a lab made shares its id. */
  runs: ReadonlyMap<string, string>;
}

/** The record as it is stored here. */
export function withNewIds(store: BundleStore, record: AnyRecord, { project, runs }: NewIds): AnyRecord {
  const run = (id: string) => runs.get(id) ?? id;
  const judgment = (id: string) => renamedJudgment(id, runs);
  switch (store) {
    case 'runs':
    case 'labRuns': {
      const own = record as RecordOf<'runs'>;
      return { ...own, id: run(own.id), projectId: project };
    }
    case 'items':
      return { ...(record as RecordOf<'items'>), projectId: project };
    case 'judgments': {
      const own = record as RecordOf<'judgments'>;
      return { ...own, id: judgment(own.id), scope: judgment(own.scope) };
    }
    case 'tokens':
      return { ...(record as RecordOf<'tokens'>), id: judgment(judgmentIdOf(store, record)!) };
    case 'references':
      return { ...(record as RecordOf<'references'>), judgmentId: judgment(judgmentIdOf(store, record)!) };
    case 'readings':
      return { ...(record as RecordOf<'readings'>), key: judgment(judgmentIdOf(store, record)!) };
    case 'pairs': {
      const own = record as RecordOf<'pairs'>;
      const pairs = renamedPairs(own.made.pairs, judgment);
      return { ...own, runId: run(own.runId), made: { ...own.made, pairs } };
    }
    case 'trainingStates': {
      const own = record as RecordOf<'trainingStates'>;
      return { ...own, runId: run(own.runId), pairs: renamedPairs(own.pairs, judgment) };
    }
    case 'policies':
    case 'adapters':
      return record;
    case 'rounds':
    case 'decisions':
    case 'steps':
    case 'snapshots': {
      const own = record as RecordOf<'rounds'>;
      return { ...own, runId: run(own.runId) };
    }
  }
}

const renamedPairs = (pairs: readonly Pair[], judgment: (id: string) => string): Pair[] =>
  pairs.map((pair) => ({ ...pair, chosen: judgment(pair.chosen), rejected: judgment(pair.rejected) }));

/** Samples are named by their run: `sample/<run>/<round>/…`. */
function renamedJudgment(id: string, runs: NewIds['runs']): string {
  if (!id.startsWith('sample/')) return id;
  const [kind, run = '', ...rest] = id.split('/');
  return [kind, runs.get(run) ?? run, ...rest].join('/');
}
