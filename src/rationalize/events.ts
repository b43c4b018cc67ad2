import type { WorkEvent, Workbench } from '../harness/workbench.ts';
import type { ItemPairs } from './pair.ts';
import type { Round, Run, Snapshot, StepRecord } from './records.ts';
import type { SelfTest } from './self-test.ts';
import type { RoundResults } from './round-results.ts';
import type { RunStore } from './run-store.ts';

/** What only a run tells. Whatever an event carries is already in the store. */
type OwnEvent =
  | { type: 'run'; run: Run }
  | { type: 'round'; round: Round }
  | { type: 'pairs'; round: number; items: ItemPairs[] }
  /** Training begins after this step; what was told of later ones is forgotten. */
  | { type: 'training'; round: number; from: number }
  | { type: 'self-test'; round: number; selfTest: SelfTest }
  | { type: 'step'; round: number; steps: number; record: StepRecord }
  | { type: 'snapshot'; round: number; snapshot: Snapshot }
  | { type: 'results'; round: number; results: RoundResults };

/** What a run tells while it works. */
export type RunEvent = WorkEvent | OwnEvent;

/** What every stage of a run works with. */
export type RunBench = Workbench<RunStore, OwnEvent>;
