import { ownName } from '../../../harness/own-name.ts';
import type { Hideable, Lesson } from '../../../share/lesson.ts';

const KEY = ownName('judge-playground.lesson');

/** The lesson that this tab is in, if any: what it hides and locks, until the reader takes it off. */
class LessonState {
  current = $state.raw<Lesson | null>(null);
  readonly #hidden = $derived(new Set<string>(this.current?.hidden));
  readonly #locked = $derived(new Set<string>(this.current?.locked));

  constructor() {
    const link = remembered();
    // What reads links is fetched only where there is one: most visits have none.
    if (link !== null) void this.#restore(link).catch(() => remember(null));
  }

  async #restore(link: string): Promise<void> {
    const { contentOf } = await import('../../../share/link.ts');
    const content = contentOf(link);
    if (content.kind === 'lesson') this.current = content;
  }

  hides(part: Hideable): boolean {
    return this.#hidden.has(part);
  }

  locks(setting: string): boolean {
    return this.#locked.has(setting);
  }

  /** @param link that holds it; the tab remembers it through a reload */
  begin(lesson: Lesson, link: string): void {
    this.current = lesson;
    remember(link);
  }

  /** Takes off what it hides and locks; the settings stay. */
  unlock(): void {
    this.current = null;
    remember(null);
  }
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(link: string | null): void {
  try {
    if (link === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, link);
  } catch {
    // It then lasts until the reload.
  }
}

export const lesson = new LessonState();
