import type { RunEvent } from '../../../rationalize/events.ts';
import type { SplitItems } from '../../../judge/item.ts';
import type { Run } from '../../../rationalize/records.ts';
import type { RoundResults } from '../../../rationalize/round-results.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import type { RunSettings } from '../../../rationalize/settings.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { RoundState } from './round.svelte.ts';
import type { SeedResults } from './seed-results.ts';

/** One run with all its rounds. A run that has not begun has an id and settings, but no record yet. */
export class RunState {
  record = $state.raw<Run | null>(null);
  /** Index 0 is round 1. */
  readonly rounds: readonly RoundState[];
  seed = $state.raw<SeedResults | null>(null);
  loaded = $state(false);
  #readingSeed: Promise<void> | null = null;

  constructor(
    readonly id: string,
    readonly settings: RunSettings,
  ) {
    this.rounds = Array.from({ length: settings.rounds }, (_, index) => new RoundState(id, index + 1));
  }

  /** Results of the rounds that have them, from the first on. */
  get results(): RoundResults[] {
    return this.rounds.flatMap((round) => round.record?.results ?? []);
  }

  get finished(): boolean {
    return this.results.length === this.settings.rounds;
  }

  async load(store: RunStore): Promise<void> {
    this.record = (await store.run(this.id)) ?? null;
    for (const round of this.rounds) await round.load(store);
    this.loaded = true;
  }

  /** The seed judge's results, which are computed from its judgments as soon as all of them are there. */
  async loadSeed(store: RunStore, items: SplitItems): Promise<void> {
    if (this.seed || !this.record) return;
    this.#readingSeed ??= this.#readSeed(store, this.record, items);
    await this.#readingSeed;
  }

  async #readSeed(store: RunStore, record: Run, items: SplitItems): Promise<void> {
    try {
      // Fetched with the first results: the first verdict needs no statistics.
      const { seedResults } = await import('./seed-results.ts');
      this.seed = await seedResults(await judgeEngine.ready(), store, record, items);
    } finally {
      this.#readingSeed = null;
    }
  }

  receive(event: RunEvent): void {
    if (event.type === 'run') this.record = event.run;
    for (const round of this.rounds) round.receive(event);
  }
}
