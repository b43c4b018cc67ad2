import type {
  JudgmentRecord,
  JudgmentStore,
  JudgmentTokens,
  TrainedPolicy,
} from '../harness/judgment-store.ts';
import { MissingRecordError } from '../harness/judgment-store.ts';
import type { Judgment } from '../judge/judgment.ts';
import type { IDBPTransaction } from 'idb';
import type { Connection } from './connection.ts';
import { beginningWith } from './projects.ts';
import type { Schema, StoredPolicy } from './schema.ts';
import { write } from './write.ts';

/** Judgments, and what was computed of them, in IndexedDB. Every write resolves after its transaction completed. */
export class DatabaseJudgments implements JudgmentStore {
  constructor(protected readonly connection: Connection) {}

  async judgedItems(scope: string): Promise<Set<string>> {
    const keys = await this.connection.use((database) =>
      database.getAllKeys('judgments', beginningWith([scope])),
    );
    return new Set(keys.map(([, itemId]) => itemId));
  }

  /** Verdicts go to one store, the numbers to another: a grid of scores never loads log-probabilities. */
  putItemJudgments(scope: string, judgments: readonly Judgment[]): Promise<void> {
    return write(this.connection, ['judgments', 'tokens'], function* (transaction) {
      for (const { ids, logprobs, ...record } of judgments) {
        yield transaction.objectStore('judgments').put({ ...record, scope });
        yield transaction.objectStore('tokens').put({ id: record.id, ids, logprobs });
      }
    });
  }
  judgmentsOfItem(scope: string, itemId: string): Promise<JudgmentRecord[]> {
    return this.connection.use((database) => database.getAll('judgments', beginningWith([scope, itemId])));
  }
  judgments(scope: string): Promise<JudgmentRecord[]> {
    return this.connection.use((database) => database.getAll('judgments', beginningWith([scope])));
  }
  async tokens(judgmentIds: readonly string[]): Promise<JudgmentTokens[]> {
    return this.connection.use(async (database) => {
      const { store } = database.transaction('tokens');
      const found = await Promise.all(judgmentIds.map((id) => store.get(id)));
      return found.map((tokens, i) => {
        if (!tokens) throw new MissingRecordError(`Judgment ${judgmentIds[i] ?? ''}`);
        return tokens;
      });
    });
  }

  async readings(scope: string, keys: readonly string[]): Promise<Map<string, Float32Array>> {
    return this.connection.use(async (database) => {
      const { store } = database.transaction('readings');
      const found = await Promise.all(keys.map((key) => store.get([scope, key])));
      return new Map(found.flatMap((one) => (one ? [[one.key, one.values]] : [])));
    });
  }
  putReadings(scope: string, readings: ReadonlyMap<string, Float32Array>): Promise<void> {
    return write(this.connection, ['readings'], function* (transaction) {
      const stored = transaction.objectStore('readings');
      for (const [key, values] of readings) yield stored.put({ scope, key, values });
    });
  }

  async references(policy: string, judgmentIds: readonly string[]): Promise<Map<string, number>> {
    return this.connection.use(async (database) => {
      const { store } = database.transaction('references');
      const found = await Promise.all(judgmentIds.map((id) => store.get([policy, id])));
      return new Map(found.flatMap((one) => (one ? [[one.judgmentId, one.sum]] : [])));
    });
  }
  putReferences(policy: string, sums: ReadonlyMap<string, number>): Promise<void> {
    return write(this.connection, ['references'], function* (transaction) {
      const stored = transaction.objectStore('references');
      for (const [judgmentId, sum] of sums) yield stored.put({ policy, judgmentId, sum });
    });
  }

  async policy(hash: string): Promise<TrainedPolicy | undefined> {
    const stored = await this.connection.use((database) => database.get('policies', hash));
    return stored && ({ ...stored, weights: await stored.weights.arrayBuffer() } as TrainedPolicy);
  }
  putPolicy(policy: TrainedPolicy): Promise<void> {
    const put = (transaction: PolicyWrite) => [transaction.objectStore('policies').put(storedPolicy(policy))];
    return write(this.connection, ['policies'], put, { strict: true, policy });
  }
}

type PolicyWrite = IDBPTransaction<Schema, ['policies'], 'readwrite'>;

export function storedPolicy(policy: TrainedPolicy): StoredPolicy {
  return { ...policy, weights: new Blob([policy.weights]) };
}
