import type { Policy } from '../model/policy.ts';
import type { Judgment } from '../judge/judgment.ts';

/** A judgment without its token ids and log-probabilities, which are read on their own. */
export type JudgmentRecord = Omit<Judgment, 'ids' | 'logprobs'>;

/** Token ids and log-probabilities of a judgment, which are stored apart from its verdict. */
export interface JudgmentTokens {
  ids: Int32Array;
  logprobs: Float32Array;
}

/** A policy that training made; the seed judge itself is never stored. */
export type TrainedPolicy = Exclude<Policy, { kind: 'seed' }>;

/**
 * Where judgments and what was computed of them are kept, by scopes that name all that decides them (`scopes.ts`).
 * A write resolves only after it is durable, and what one call writes is written wholly or not at all. Implemented
 * over IndexedDB (`src/store`) and in memory (`MemoryJudgmentStore`).
 */
export interface JudgmentStore {
  /** Ids of the subjects that already have their judgments in this scope. */
  judgedItems(scope: string): Promise<Set<string>>;
  /** All judgments of one subject in one transaction. */
  putItemJudgments(scope: string, judgments: readonly Judgment[]): Promise<void>;
  judgmentsOfItem(scope: string, itemId: string): Promise<JudgmentRecord[]>;
  /** All judgments of a scope, in the order of subjects and samples. */
  judgments(scope: string): Promise<JudgmentRecord[]>;
  /** Token ids and log-probabilities, in the order asked for. @throws when one is missing */
  tokens(judgmentIds: readonly string[]): Promise<JudgmentTokens[]>;

  /** Numbers read off the judge (p(1…5), say) by key within a scope; only those that are known. */
  readings(scope: string, keys: readonly string[]): Promise<Map<string, Float32Array>>;
  putReadings(scope: string, readings: ReadonlyMap<string, Float32Array>): Promise<void>;

  /** Summed reference log-probabilities of judgments under a policy; only those that are known. */
  references(policy: string, judgmentIds: readonly string[]): Promise<Map<string, number>>;
  putReferences(policy: string, sums: ReadonlyMap<string, number>): Promise<void>;

  policy(hash: string): Promise<TrainedPolicy | undefined>;
  putPolicy(policy: TrainedPolicy): Promise<void>;
}

/** Thrown when a record that a run relies on is not there. */
export class MissingRecordError extends Error {
  override name = 'MissingRecordError';
  constructor(what: string) {
    super(`${what} is missing from the store. It may have been erased; run this round again.`);
  }
}
