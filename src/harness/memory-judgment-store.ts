import type { Judgment } from '../judge/judgment.ts';
import {
  MissingRecordError,
  type JudgmentRecord,
  type JudgmentStore,
  type JudgmentTokens,
  type TrainedPolicy,
} from './judgment-store.ts';

/** Judgments in memory, for headless work and tests: nothing is kept when the process ends. */
export class MemoryJudgmentStore implements JudgmentStore {
  protected readonly scopes = new Map<string, Map<string, Judgment[]>>();
  #tokens = new Map<string, JudgmentTokens>();
  #readings = new Map<string, Map<string, Float32Array>>();
  #references = new Map<string, Map<string, number>>();
  #policies = new Map<string, TrainedPolicy>();

  async judgedItems(scope: string) {
    return new Set(this.scopes.get(scope)?.keys());
  }
  async putItemJudgments(scope: string, judgments: readonly Judgment[]) {
    const first = judgments[0];
    if (!first) return;
    entry(this.scopes, scope, () => new Map<string, Judgment[]>()).set(first.itemId, [...judgments]);
    for (const { id, ids, logprobs } of judgments) this.#tokens.set(id, { ids, logprobs });
  }
  async judgmentsOfItem(scope: string, itemId: string): Promise<JudgmentRecord[]> {
    return this.scopes.get(scope)?.get(itemId) ?? [];
  }
  async judgments(scope: string): Promise<JudgmentRecord[]> {
    return [...(this.scopes.get(scope)?.values() ?? [])].flat();
  }
  async tokens(judgmentIds: readonly string[]) {
    return judgmentIds.map((id) => {
      const found = this.#tokens.get(id);
      if (!found) throw new MissingRecordError(`Judgment ${id}`);
      return found;
    });
  }

  async readings(scope: string, keys: readonly string[]) {
    return known(this.#readings.get(scope), keys);
  }
  async putReadings(scope: string, readings: ReadonlyMap<string, Float32Array>) {
    const own = entry(this.#readings, scope, () => new Map<string, Float32Array>());
    for (const [key, values] of readings) own.set(key, values);
  }

  async references(policy: string, judgmentIds: readonly string[]) {
    return known(this.#references.get(policy), judgmentIds);
  }
  async putReferences(policy: string, sums: ReadonlyMap<string, number>) {
    const own = entry(this.#references, policy, () => new Map<string, number>());
    for (const [id, sum] of sums) own.set(id, sum);
  }

  async policy(hash: string) {
    return this.#policies.get(hash);
  }
  async putPolicy(policy: TrainedPolicy) {
    this.#policies.set(policy.hash, policy);
  }
}

function known<V>(map: ReadonlyMap<string, V> | undefined, keys: readonly string[]): Map<string, V> {
  return new Map(keys.flatMap((key) => (map?.has(key) ? [[key, map.get(key)!] as const] : [])));
}

/** The map's value for this key, made where there is none yet. */
export function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
