import type { Judgment } from '../../../judge/judgment.ts';
import type { RunEvent } from '../../../rationalize/events.ts';
import type { Decision, ItemPairs } from '../../../rationalize/pair.ts';
import { sampleScope, type Round, type Snapshot, type StepRecord } from '../../../rationalize/records.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import type { JudgmentRecord } from '../../../harness/judgment-store.ts';
import { emptyMap, withEntries } from './whole-map.ts';

/** How often a running job's records reach the page; more often would only keep it busy drawing. */
const REFRESH_MS = 150;

/** Everything one round has made so far, as the page shows it: read from the store, kept up by a job's events. */
export class RoundState {
  record = $state.raw<Round | null>(null);
  /** By item. */
  judgments = $state.raw<ReadonlyMap<string, readonly JudgmentRecord[]>>(emptyMap());
  pairs = $state.raw<readonly ItemPairs[]>([]);
  decisions = $state.raw<ReadonlyMap<string, Decision>>(emptyMap());
  steps = $state.raw<readonly StepRecord[]>([]);
  snapshots = $state.raw<readonly Snapshot[]>([]);
  /** Steps that the training under way will take; its record knows them only when it is saved. */
  plannedSteps = $state(0);
  loaded = $state(false);
  #waiting: RunEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    readonly runId: string,
    readonly number: number,
  ) {}

  async load(store: RunStore): Promise<void> {
    const { runId, number } = this;
    this.record = (await store.round(runId, number)) ?? null;
    this.judgments = Map.groupBy(await store.judgments(sampleScope(runId, number)), (one) => one.itemId);
    this.pairs = await store.pairs(runId, number);
    await this.loadDecisions(store);
    this.steps = await store.steps(runId, number);
    this.snapshots = await store.snapshots(runId, number);
    this.loaded = true;
    // What a job told meanwhile may be newer than what was read first.
    if (this.#waiting.length > 0) this.#catchUp();
  }

  async loadDecisions(store: RunStore): Promise<void> {
    this.decisions = await store.decisions(this.runId, this.number);
  }

  /** Takes note of what a job of this run tells; it is in the store already. */
  receive(event: RunEvent): void {
    this.#waiting.push(event);
    if (this.loaded) this.#timer ??= setTimeout(() => this.#catchUp(), REFRESH_MS);
  }

  #catchUp(): void {
    this.#timer = null;
    const fresh: Fresh = { judgments: [], steps: [], snapshots: [] };
    for (const event of this.#waiting.splice(0)) this.#take(event, fresh);
    if (fresh.judgments.length) this.judgments = withEntries(this.judgments, fresh.judgments);
    if (fresh.steps.length) this.steps = inOrder(this.steps, fresh.steps);
    if (fresh.snapshots.length) this.snapshots = inOrder(this.snapshots, fresh.snapshots);
  }

  #take(event: RunEvent, fresh: Fresh): void {
    if (event.type === 'round' && event.round.number === this.number) this.record = { ...event.round };
    if (!('round' in event) || event.round !== this.number) return;
    if (event.type === 'judgments' && event.scope === sampleScope(this.runId, this.number))
      fresh.judgments.push([event.itemId, event.judgments.map(withoutTokens)]);
    if (event.type === 'pairs') this.pairs = event.items;
    if (event.type === 'training') this.#forgetAfter(event.from, fresh);
    if (event.type === 'step') {
      fresh.steps.push(event.record);
      this.plannedSteps = event.steps;
    }
    if (event.type === 'snapshot') fresh.snapshots.push(event.snapshot);
  }

  /** Training goes on from a checkpoint: what came after it is made anew, with snapshots at other steps. */
  #forgetAfter(from: number, fresh: Fresh): void {
    const kept = ({ step }: { step: number }): boolean => step <= from;
    fresh.steps = fresh.steps.filter(kept);
    fresh.snapshots = fresh.snapshots.filter(kept);
    this.steps = this.steps.filter(kept);
    this.snapshots = this.snapshots.filter(kept);
  }
}

/** What came in since the page last caught up. */
interface Fresh {
  judgments: [itemId: string, judgments: readonly JudgmentRecord[]][];
  steps: StepRecord[];
  snapshots: Snapshot[];
}

/** What is read from the store may also be told by an event: one record a step. */
function inOrder<T extends { step: number }>(old: readonly T[], added: readonly T[]): T[] {
  const byStep = new Map([...old, ...added].map((one) => [one.step, one]));
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

/** The page shows texts and scores; ids and log-probabilities would only be memory. */
function withoutTokens(judgment: Judgment): JudgmentRecord {
  const { ids: _ids, logprobs: _logprobs, ...record } = judgment;
  return record;
}
