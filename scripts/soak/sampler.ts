import type { Page } from 'playwright';
import type { MemoryReport } from '../../workers/protocol.ts';
import { readingOf, type Reading } from './measures.ts';
import { MemoryProbe } from './page-memory.ts';
import { residentMemory } from './resident.ts';
import { readStorage } from './storage.ts';

/** A reading, and how much had been done by then. */
export interface Sample {
  judgments: number;
  steps: number;
  runs: number;
  values: Reading;
}

/** Takes readings of one page, from outside of it. */
export class Sampler {
  private constructor(
    private readonly page: Page,
    private readonly probe: MemoryProbe,
  ) {}

  /** Before the page starts its workers: only those are seen that it starts from now on. */
  static async of(page: Page): Promise<Sampler> {
    return new Sampler(page, await MemoryProbe.attach(page));
  }

  async take(engine: MemoryReport | null = null): Promise<Sample> {
    const context = this.page.context();
    const memory = await this.probe.read();
    const resident = await residentMemory(context.browser()!);
    const storage = await readStorage(context, new URL('icon.svg', this.page.url()).href);
    const { judgments = 0, steps = 0, runs = 0 } = storage.counts;
    return { judgments, steps, runs, values: readingOf(memory, resident, storage, engine) };
  }
}
