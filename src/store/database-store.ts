import type { Decision, ItemPairs } from '../rationalize/pair.ts';
import { sampleScope, type Round, type Run, type Snapshot, type StepRecord, type TrainingState } from '../rationalize/records.ts'; // prettier-ignore
import type { RunStore } from '../rationalize/run-store.ts';
import { untrained } from '../rationalize/untrained.ts';
import { DatabaseJudgments } from './database-judgments.ts';
import { inWords } from './errors.ts';
import { beginningWith } from './projects.ts';
import { write } from './write.ts';

/** A run's records in IndexedDB. Every write resolves after its transaction completed. */
export class DatabaseStore extends DatabaseJudgments implements RunStore {
  run(id: string): Promise<Run | undefined> {
    return inWords(() => this.database.get('runs', id));
  }
  async putRun(run: Run): Promise<void> {
    await inWords(() => this.database.put('runs', run));
  }
  round(runId: string, number: number): Promise<Round | undefined> {
    return inWords(() => this.database.get('rounds', [runId, number]));
  }
  rounds(runId: string): Promise<Round[]> {
    return inWords(() => this.database.getAll('rounds', beginningWith([runId])));
  }
  async putRound(round: Round): Promise<void> {
    await inWords(() => this.database.put('rounds', round));
  }

  putPairs(runId: string, round: number, items: readonly ItemPairs[]): Promise<void> {
    return write(this.database, ['pairs'], function* (transaction) {
      const stored = transaction.objectStore('pairs');
      yield stored.delete(beginningWith([runId, round]));
      for (const [position, made] of items.entries()) yield stored.put({ runId, round, position, made });
    });
  }
  async pairs(runId: string, round: number): Promise<ItemPairs[]> {
    const stored = await inWords(() => this.database.getAll('pairs', beginningWith([runId, round])));
    return stored.map(({ made }) => made);
  }
  async decisions(runId: string, round: number): Promise<Map<string, Decision>> {
    const stored = await inWords(() => this.database.getAll('decisions', beginningWith([runId, round])));
    return new Map(stored.map(({ key, decision }) => [key, decision]));
  }
  async decide(runId: string, round: number, key: string, decision: Decision | null): Promise<void> {
    await inWords(async () => {
      if (decision) await this.database.put('decisions', { runId, round, key, decision });
      else await this.database.delete('decisions', [runId, round, key]);
    });
  }

  async trainingState(runId: string, round: number): Promise<TrainingState | undefined> {
    const stored = await inWords(() => this.database.get('trainingStates', [runId, round]));
    if (!stored) return undefined;
    return { step: stored.step, pairs: stored.pairs, checkpoint: await stored.checkpoint.arrayBuffer() };
  }
  async putTrainingState(runId: string, round: number, state: TrainingState): Promise<void> {
    const stored = { ...state, runId, round, checkpoint: new Blob([state.checkpoint]) };
    await inWords(() => this.database.put('trainingStates', stored));
  }
  async deleteTrainingState(runId: string, round: number): Promise<void> {
    await inWords(() => this.database.delete('trainingStates', [runId, round]));
  }

  steps(runId: string, round: number): Promise<StepRecord[]> {
    return inWords(() => this.database.getAll('steps', beginningWith([runId, round])));
  }
  async putStep(runId: string, round: number, record: StepRecord): Promise<void> {
    await inWords(() => this.database.put('steps', { runId, round, ...record }));
  }
  snapshots(runId: string, round: number): Promise<Snapshot[]> {
    return inWords(() => this.database.getAll('snapshots', beginningWith([runId, round])));
  }
  async putSnapshot(runId: string, round: number, snapshot: Snapshot): Promise<void> {
    await inWords(() => this.database.put('snapshots', { runId, round, ...snapshot }));
  }

  async discardTraining(runId: string, round: number): Promise<void> {
    const rounds = (await this.rounds(runId)).filter(({ number }) => number >= round);
    await write(this.database, [...PARTS_OF_ROUND], function* (transaction) {
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
}

const PARTS_OF_ROUND = [
  'rounds', 'judgments', 'tokens', 'pairs', 'decisions', 'trainingStates', 'steps', 'snapshots',
] as const; // prettier-ignore
