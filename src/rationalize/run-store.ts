import type { JudgmentStore } from '../harness/judgment-store.ts';
import type { Decision, ItemPairs } from './pair.ts';
import type { Round, Run, Snapshot, StepRecord, TrainingState } from './records.ts';

/** Where a run keeps what it makes, beside the judgments that any method may share. */
export interface RunStore extends JudgmentStore {
  run(id: string): Promise<Run | undefined>;
  putRun(run: Run): Promise<void>;
  round(runId: string, number: number): Promise<Round | undefined>;
  rounds(runId: string): Promise<Round[]>;
  putRound(round: Round): Promise<void>;

  /** Replaces all pairs of the round. */
  putPairs(runId: string, round: number, items: readonly ItemPairs[]): Promise<void>;
  pairs(runId: string, round: number): Promise<ItemPairs[]>;
  decisions(runId: string, round: number): Promise<Map<string, Decision>>;
  /** null takes a decision back. */
  decide(runId: string, round: number, pairKey: string, decision: Decision | null): Promise<void>;

  trainingState(runId: string, round: number): Promise<TrainingState | undefined>;
  putTrainingState(runId: string, round: number, state: TrainingState): Promise<void>;
  deleteTrainingState(runId: string, round: number): Promise<void>;

  steps(runId: string, round: number): Promise<StepRecord[]>;
  putStep(runId: string, round: number, record: StepRecord): Promise<void>;
  snapshots(runId: string, round: number): Promise<Snapshot[]>;
  putSnapshot(runId: string, round: number, snapshot: Snapshot): Promise<void>;
  /** Forgets training and results of this round and everything of later rounds; samples and decisions stay. */
  discardTraining(runId: string, round: number): Promise<void>;
}
