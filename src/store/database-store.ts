import type { IDBPTransaction } from 'idb';
import type { Decision, ItemPairs } from '../rationalize/pair.ts';
import { sampleScope, type Round, type Run, type Snapshot, type StepRecord, type TrainingState } from '../rationalize/records.ts'; // prettier-ignore
import type { RunStore } from '../rationalize/run-store.ts';
import { untrained } from '../rationalize/untrained.ts';
import type { TrainedPolicy } from '../harness/judgment-store.ts';
import { DatabaseJudgments, storedPolicy } from './database-judgments.ts';
import { StorageFullError } from './errors.ts';
import { beginningWith } from './projects.ts';
import { readable, theReadable } from './readable.ts';
import type { Schema } from './schema.ts';
import { write } from './write.ts';

/** A run's records in IndexedDB. Every write resolves after its transaction completed. */
export class DatabaseStore extends DatabaseJudgments implements RunStore {
  async run(id: string): Promise<Run | undefined> {
    return theReadable('runs', await this.connection.use((database) => database.get('runs', id)));
  }
  putRun(run: Run): Promise<void> {
    return this.#put('runs', run);
  }
  async round(runId: string, number: number): Promise<Round | undefined> {
    const round = await this.connection.use((database) => database.get('rounds', [runId, number]));
    return theReadable('rounds', round);
  }
  async rounds(runId: string): Promise<Round[]> {
    const own = beginningWith([runId]);
    const rounds = await this.connection.use((database) => database.getAll('rounds', own));
    return readable(this.connection, 'rounds', rounds);
  }
  putRound(round: Round): Promise<void> {
    return this.#put('rounds', round);
  }

  putPairs(runId: string, round: number, items: readonly ItemPairs[]): Promise<void> {
    return write(this.connection, ['pairs'], function* (transaction) {
      const stored = transaction.objectStore('pairs');
      yield stored.delete(beginningWith([runId, round]));
      for (const [position, made] of items.entries()) yield stored.put({ runId, round, position, made });
    });
  }
  async pairs(runId: string, round: number): Promise<ItemPairs[]> {
    const stored = await this.connection.use((database) =>
      database.getAll('pairs', beginningWith([runId, round])),
    );
    return stored.map(({ made }) => made);
  }
  async decisions(runId: string, round: number): Promise<Map<string, Decision>> {
    const stored = await this.connection.use((database) =>
      database.getAll('decisions', beginningWith([runId, round])),
    );
    return new Map(stored.map(({ key, decision }) => [key, decision]));
  }
  decide(runId: string, round: number, key: string, decision: Decision | null): Promise<void> {
    return write(this.connection, ['decisions'], (transaction) => {
      const stored = transaction.objectStore('decisions');
      return [decision ? stored.put({ runId, round, key, decision }) : stored.delete([runId, round, key])];
    });
  }

  async trainingState(runId: string, round: number): Promise<TrainingState | undefined> {
    const stored = await this.connection.use((database) => database.get('trainingStates', [runId, round]));
    if (!stored) return undefined;
    return { step: stored.step, pairs: stored.pairs, checkpoint: await stored.checkpoint.arrayBuffer() };
  }
  putCheckpoint(round: Round, state: TrainingState): Promise<void> {
    const { runId, number } = round;
    const stored = { ...state, runId, round: number, checkpoint: new Blob([state.checkpoint]) };
    const put = function* (transaction: RoundWrite<'trainingStates'>) {
      yield transaction.objectStore('trainingStates').put(stored);
      yield transaction.objectStore('rounds').put(round);
    };
    return write(this.connection, ['trainingStates', 'rounds'], put, { strict: true });
  }
  putTrained(round: Round, policy: TrainedPolicy): Promise<void> {
    const put = function* (transaction: RoundWrite<'policies' | 'trainingStates'>) {
      yield transaction.objectStore('policies').put(storedPolicy(policy));
      yield transaction.objectStore('trainingStates').delete([round.runId, round.number]);
      yield transaction.objectStore('rounds').put({ ...round, policyOut: policy.hash });
    };
    return write(this.connection, ['policies', 'trainingStates', 'rounds'], put, { strict: true, policy });
  }

  steps(runId: string, round: number): Promise<StepRecord[]> {
    return this.connection.use((database) => database.getAll('steps', beginningWith([runId, round])));
  }
  putStep(runId: string, round: number, record: StepRecord): Promise<void> {
    return this.#put('steps', { runId, round, ...record });
  }
  snapshots(runId: string, round: number): Promise<Snapshot[]> {
    return this.connection.use((database) => database.getAll('snapshots', beginningWith([runId, round])));
  }
  putSnapshot(runId: string, round: number, snapshot: Snapshot): Promise<void> {
    return this.#put('snapshots', { runId, round, ...snapshot });
  }
  forgetStepsAfter(runId: string, round: number, step: number): Promise<void> {
    const later = IDBKeyRange.bound([runId, round, step], [runId, round, []], true);
    return write(this.connection, ['steps', 'snapshots'], (transaction) =>
      (['steps', 'snapshots'] as const).map((part) => transaction.objectStore(part).delete(later)),
    );
  }

  async reserve(bytes: number): Promise<void> {
    const { proveRoom, makeRoom } = this.connection.options;
    if (!proveRoom) return;
    while (!(await proveRoom(bytes)))
      if (!(await makeRoom?.({ bytes, policy: null }))) throw new StorageFullError();
  }

  async discardTraining(runId: string, round: number): Promise<void> {
    const rounds = (await this.rounds(runId)).filter(({ number }) => number >= round);
    await write(this.connection, [...PARTS_OF_ROUND], function* (transaction) {
      for (const one of rounds) {
        const own = beginningWith([runId, one.number]);
        for (const part of ['trainingStates', 'steps', 'snapshots'] as const)
          yield transaction.objectStore(part).delete(own);
        if (one.number === round) {
          yield transaction.objectStore('rounds').put(untrained(one));
          continue;
        }
        const scope = sampleScope(runId, one.number);
        yield transaction.objectStore('judgments').delete(beginningWith([scope]));
        yield transaction.objectStore('tokens').delete(IDBKeyRange.bound(`${scope}/`, `${scope}/\uffff`));
        for (const part of ['pairs', 'decisions'] as const) yield transaction.objectStore(part).delete(own);
        yield transaction.objectStore('rounds').delete([runId, one.number]);
      }
    });
  }

  #put<Name extends 'runs' | 'rounds' | 'steps' | 'snapshots'>(
    name: Name,
    record: Schema[Name]['value'],
  ): Promise<void> {
    return write(this.connection, [name], (transaction) => [transaction.objectStore(name).put(record)]);
  }
}

/** A write of parts of a round together with its record. */
type RoundWrite<Part extends 'policies' | 'trainingStates'> = IDBPTransaction<
  Schema,
  (Part | 'rounds')[],
  'readwrite'
>;

const PARTS_OF_ROUND = [
  'rounds', 'judgments', 'tokens', 'pairs', 'decisions', 'trainingStates', 'steps', 'snapshots',
] as const; // prettier-ignore
