import type { Connection } from './connection.ts';
import { deleteForGood } from './deletion.ts';
import { listedName } from './readable.ts';
import { write } from './write.ts';

export type BinKind = 'projects' | 'runs' | 'labRuns';

/** Something that a person deleted and can still have back. */
export interface BinEntry {
  kind: BinKind;
  id: string;
  name: string;
  /** The project that it belongs to; a project's own id. */
  projectId: string;
  deleted: number;
}

const KINDS = ['projects', 'runs', 'labRuns'] as const;
/** How long the bin keeps what was deleted. */
const KEPT_MS = 30 * 24 * 3600_000;

/** What was deleted and is not gone yet: the record says when, and every list leaves it out. */
export class Bin {
  constructor(private readonly connection: Connection) {}

  async put(kind: BinKind, id: string): Promise<void> {
    await this.#mark(kind, id, Date.now());
  }

  async restore({ kind, id }: Pick<BinEntry, 'kind' | 'id'>): Promise<void> {
    await this.#mark(kind, id, null);
  }

  /** The latest first. What went with a project is not listed beside it. */
  async list(): Promise<BinEntry[]> {
    const entries = await Promise.all(KINDS.map((kind) => this.#entries(kind)));
    const projects = new Set(entries[0]!.map(({ id }) => id));
    return entries
      .flat()
      .filter(({ kind, projectId }) => kind === 'projects' || !projects.has(projectId))
      .sort((a, b) => b.deleted - a.deleted);
  }

  /** Deletes for good what lies in the bin, all of it or what has lain there for 30 days. Returns how much that was. */
  async empty(which: 'all' | 'old' = 'all'): Promise<number> {
    const before = which === 'all' ? Infinity : Date.now() - KEPT_MS;
    const gone = (await this.list()).filter(({ deleted }) => deleted < before);
    const ids = (kind: BinKind) => gone.filter((one) => one.kind === kind).map(({ id }) => id);
    if (gone.length > 0)
      await deleteForGood(this.connection, {
        projects: ids('projects'),
        runs: ids('runs'),
        labRuns: ids('labRuns'),
      });
    return gone.length;
  }

  async #entries(kind: BinKind): Promise<BinEntry[]> {
    const records = await this.connection.use((database) => database.getAll(kind));
    return records.flatMap((record) =>
      record.deleted === undefined
        ? []
        : [
            {
              kind,
              id: record.id,
              name: listedName(record),
              projectId: 'projectId' in record ? record.projectId : record.id,
              deleted: whenDeleted(record.deleted),
            },
          ],
    );
  }

  async #mark(kind: BinKind, id: string, when: number | null): Promise<void> {
    const record = await this.connection.use((database) => database.get(kind, id));
    if (!record) return;
    const { deleted: _, ...kept } = record;
    const marked = (when === null ? kept : { ...kept, deleted: when }) as typeof record;
    await write(this.connection, [kind], (transaction) => [
      transaction.objectStore(kind).put(marked as never),
    ]);
  }
}

/** Of a record that was damaged: now, so that it is not swept before its time. */
function whenDeleted(deleted: unknown): number {
  return typeof deleted === 'number' && Math.abs(deleted) <= 8.64e15 ? deleted : Date.now();
}
