import { ownName } from '../../../harness/own-name.ts';

const KEY = ownName('judge-playground.file-copies');

/** When each project was last saved as a file, in every tab. The first script has it, so it knows no database. */
class FileCopies {
  #times = $state.raw<Readonly<Record<string, number>>>(read());

  constructor() {
    globalThis.addEventListener?.('storage', ({ key }) => {
      if (key === KEY || key === null) this.#times = read();
    });
  }

  /** Milliseconds since 1970; null for never, or not from this browser. */
  of(projectId: string): number | null {
    return this.#times[projectId] ?? null;
  }

  note(projectId: string): void {
    this.#write({ ...this.#times, [projectId]: Date.now() });
  }

  forgetAll(): void {
    this.#write({});
  }

  #write(times: Readonly<Record<string, number>>): void {
    this.#times = times;
    try {
      localStorage.setItem(KEY, JSON.stringify(times));
    } catch {
      // Storage is refused in some private windows; it is then known for this visit.
    }
  }
}

function read(): Record<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([, time]) => Number.isFinite(time)));
  } catch {
    return {};
  }
}

export const fileCopies = new FileCopies();
