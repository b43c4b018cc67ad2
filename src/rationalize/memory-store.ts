import { entry, MemoryJudgmentStore } from '../harness/memory-judgment-store.ts';
import type { Decision, ItemPairs } from './pair.ts';
import type { Round, Run, Snapshot, StepRecord, TrainingState } from './records.ts';
import { untrained } from './untrained.ts';
import type { TrainedPolicy } from '../harness/judgment-store.ts';
import type { RunStore } from './run-store.ts';

const roundKey = (runId: string, round: number) => `${runId}/${round}`;

/** A run's records in memory, for headless runs: nothing is kept when the process ends. */
export class MemoryStore extends MemoryJudgmentStore implements RunStore {
  #runs = new Map<string, Run>();
  #rounds = new Map<string, Round>();
  #pairs = new Map<string, ItemPairs[]>();
  #decisions = new Map<string, Map<string, Decision>>();
  #training = new Map<string, TrainingState>();
  #steps = new Map<string, Map<number, StepRecord>>();
  #snapshots = new Map<string, Map<number, Snapshot>>();

  async run(id: string) {
    return structuredClone(this.#runs.get(id));
  }
  async putRun(run: Run) {
    this.#runs.set(run.id, structuredClone(run));
  }
  async round(runId: string, number: number) {
    return structuredClone(this.#rounds.get(roundKey(runId, number)));
  }
  async rounds(runId: string) {
    const own = [...this.#rounds.values()].filter((round) => round.runId === runId);
    return structuredClone(own.sort((a, b) => a.number - b.number));
  }
  async putRound(round: Round) {
    this.#rounds.set(roundKey(round.runId, round.number), structuredClone(round));
  }

  async putPairs(runId: string, round: number, items: readonly ItemPairs[]) {
    this.#pairs.set(roundKey(runId, round), structuredClone([...items]));
  }
  async pairs(runId: string, round: number) {
    return this.#pairs.get(roundKey(runId, round)) ?? [];
  }
  async decisions(runId: string, round: number) {
    return new Map(this.#decisions.get(roundKey(runId, round)));
  }
  async decide(runId: string, round: number, pairKey: string, decision: Decision | null) {
    const own = entry(this.#decisions, roundKey(runId, round), () => new Map<string, Decision>());
    if (decision) own.set(pairKey, decision);
    else own.delete(pairKey);
  }

  async trainingState(runId: string, round: number) {
    return this.#training.get(roundKey(runId, round));
  }
  async putCheckpoint(round: Round, state: TrainingState) {
    this.#training.set(roundKey(round.runId, round.number), state);
    await this.putRound(round);
  }
  async putTrained(round: Round, policy: TrainedPolicy) {
    await this.putPolicy(policy);
    this.#training.delete(roundKey(round.runId, round.number));
    await this.putRound({ ...round, policyOut: policy.hash });
  }

  async steps(runId: string, round: number) {
    return inOrder(this.#steps.get(roundKey(runId, round)));
  }
  async putStep(runId: string, round: number, record: StepRecord) {
    entry(this.#steps, roundKey(runId, round), () => new Map<number, StepRecord>()).set(record.step, record);
  }
  async snapshots(runId: string, round: number) {
    return inOrder(this.#snapshots.get(roundKey(runId, round)));
  }
  async putSnapshot(runId: string, round: number, snapshot: Snapshot) {
    entry(this.#snapshots, roundKey(runId, round), () => new Map<number, Snapshot>()).set(
      snapshot.step,
      snapshot,
    );
  }

  async forgetStepsAfter(runId: string, round: number, step: number) {
    for (const records of [this.#steps, this.#snapshots]) {
      const own: Map<number, unknown> | undefined = records.get(roundKey(runId, round));
      for (const later of [...(own?.keys() ?? [])].filter((one) => one > step)) own?.delete(later);
    }
  }
  async reserve() {
    // Memory has no quota that could be asked for.
  }

  async discardTraining(runId: string, round: number) {
    for (const later of await this.rounds(runId)) {
      if (later.number < round) continue;
      const key = roundKey(runId, later.number);
      for (const records of [this.#training, this.#steps, this.#snapshots]) records.delete(key);
      if (later.number === round) await this.putRound(untrained(later));
      else forgetRound(key, [this.#rounds, this.#pairs, this.#decisions], this.scopes);
    }
  }
}

function forgetRound(key: string, records: Map<string, unknown>[], scopes: Map<string, unknown>): void {
  for (const map of records) map.delete(key);
  scopes.delete(`sample/${key}`);
}

function inOrder<V>(byStep: Map<number, V> | undefined): V[] {
  return [...(byStep?.entries() ?? [])].sort(([a], [b]) => a - b).map(([, value]) => value);
}
