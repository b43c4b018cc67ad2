import type { Judgment } from '../judge/judgment.ts';
import type { ItemPairs } from './pairs.ts';
import type { Progress } from '../harness/job.ts';
import type { Round, Run, SelfTest, Snapshot, StepRecord } from './records.ts';
import type { RoundResults } from './results.ts';

/** What a run tells while it works. Whatever an event carries is already in the store. */
export type RunEvent =
  | { type: 'run'; run: Run }
  | { type: 'round'; round: Round }
  | { type: 'progress'; progress: Progress }
  | { type: 'judgments'; scope: string; round: number; itemId: string; judgments: Judgment[] }
  | { type: 'pairs'; round: number; items: ItemPairs[] }
  | { type: 'self-test'; round: number; selfTest: SelfTest }
  | { type: 'step'; round: number; steps: number; record: StepRecord }
  | { type: 'snapshot'; round: number; snapshot: Snapshot }
  | { type: 'results'; round: number; results: RoundResults };
