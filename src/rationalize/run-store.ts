import type { Judgment } from '../judge/judgment.ts';
import type { Policy } from '../../workers/protocol.ts';
import type { Decision, ItemPairs } from './pairs.ts';
import type { JudgmentTokens, Round, Run, Snapshot, StepRecord, TrainingState } from './records.ts';

/** A judgment without its token ids and log-probabilities, which are read on their own. */
export type JudgmentRecord = Omit<Judgment, 'ids' | 'logprobs'>;

/** A policy that training made; the seed judge itself is never stored. */
export type TrainedPolicy = Exclude<Policy, { kind: 'seed' }>;

/**
 * Where a run keeps what it makes. A write resolves only after it is durable, and what one call writes is
 * written wholly or not at all. Implemented over IndexedDB (`src/store`) and in memory (`MemoryStore`).
 */
export interface RunStore {
  run(id: string): Promise<Run | undefined>;
  putRun(run: Run): Promise<void>;
  round(runId: string, number: number): Promise<Round | undefined>;
  rounds(runId: string): Promise<Round[]>;
  putRound(round: Round): Promise<void>;

  /** Ids of the items that already have their judgments in this scope. */
  judgedItems(scope: string): Promise<Set<string>>;
  /** All judgments of one item in one transaction. */
  putItemJudgments(scope: string, judgments: readonly Judgment[]): Promise<void>;
  judgmentsOfItem(scope: string, itemId: string): Promise<JudgmentRecord[]>;
  /** All judgments of a scope, in the order of items and samples. */
  judgments(scope: string): Promise<JudgmentRecord[]>;
  /** Token ids and log-probabilities, in the order asked for. @throws when one is missing */
  tokens(judgmentIds: readonly string[]): Promise<JudgmentTokens[]>;

  /** Replaces all pairs of the round. */
  putPairs(runId: string, round: number, items: readonly ItemPairs[]): Promise<void>;
  pairs(runId: string, round: number): Promise<ItemPairs[]>;
  decisions(runId: string, round: number): Promise<Map<string, Decision>>;
  /** null takes a decision back. */
  decide(runId: string, round: number, pairKey: string, decision: Decision | null): Promise<void>;

  /** Summed reference log-probabilities of judgments under a policy; only those that are known. */
  references(policy: string, judgmentIds: readonly string[]): Promise<Map<string, number>>;
  putReferences(policy: string, sums: ReadonlyMap<string, number>): Promise<void>;

  policy(hash: string): Promise<TrainedPolicy | undefined>;
  putPolicy(policy: TrainedPolicy): Promise<void>;
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

/** Thrown when a record that a run relies on is not there. */
export class MissingRecordError extends Error {
  override name = 'MissingRecordError';
  constructor(what: string) {
    super(`${what} is missing from the store. It may have been erased; run this round again.`);
  }
}
