import type { JudgmentStore, TrainedPolicy } from '../harness/judgment-store.ts';
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
  /** A checkpoint: the training state and the round's record as it then stands, all of it or nothing, on the disk. */
  putCheckpoint(round: Round, state: TrainingState): Promise<void>;
  /** Ends a training, all of it or nothing, on the disk: the policy, the round that names it, the state forgotten. */
  putTrained(round: Round, policy: TrainedPolicy): Promise<void>;

  steps(runId: string, round: number): Promise<StepRecord[]>;
  putStep(runId: string, round: number, record: StepRecord): Promise<void>;
  snapshots(runId: string, round: number): Promise<Snapshot[]>;
  putSnapshot(runId: string, round: number, snapshot: Snapshot): Promise<void>;
  /** Forgets steps and snapshots after this step: training goes on from there and makes them anew. */
  forgetStepsAfter(runId: string, round: number, step: number): Promise<void>;
  /** Makes sure that so many bytes more can be stored. @throws Error in words when there is no room and none was made */
  reserve(bytes: number): Promise<void>;
  /** Forgets training and results of this round and everything of later rounds; samples and decisions stay. */
  discardTraining(runId: string, round: number): Promise<void>;
}
