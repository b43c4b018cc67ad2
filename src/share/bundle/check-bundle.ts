import type { LabRun } from '../../harness/lab-run.ts';
import type { Split } from '../../judge/item.ts';
import type { Run } from '../../rationalize/records.ts';
import { BundleError } from './bundle-error.ts';
import { Digests } from './digests.ts';
import { FileInBundle } from './record-line.ts';
import type { Bundle } from './read-bundle.ts';
import { judgmentIdOf, STORES, type AnyRecord, type BundleStore, type RecordOf } from './stores.ts';

/** What is in a bundle, as a person sees it before anything of it is stored. */
export interface Contents {
  name: string;
  source: string;
  /** In milliseconds since 1970. */
  made: number;
  appVersion: string;
  counts: Record<Split, number>;
  runs: (Pick<Run, 'id' | 'name' | 'created'> & { done: boolean })[];
  labRuns: (Pick<LabRun, 'id' | 'name' | 'created' | 'lab'> & { done: boolean })[];
  judgments: number;
  adapters: number;
  /** Unpacked. */
  bytes: number;
}

/** A bundle of which every byte was looked at. */
export interface Checked {
  contents: Contents;
  digests: Digests;
}

/**
 * Reads all of a bundle once: every hash, every record, and whether they belong together.
 * @param report is told how many bytes were read
 * @throws BundleError
 */
export async function checkBundle(
  bundle: Bundle,
  report: (done: number) => void = () => {},
): Promise<Checked> {
  const { project, made, appVersion } = bundle.manifest;
  const check = new Check(bundle);
  const digests = new Digests();
  let done = 0;
  const reportMore = (bytes: number) => report((done += bytes));
  for (const store of STORES)
    for await (const record of bundle.records(store, reportMore)) {
      check.take(store, record);
      digests.add(store, record);
    }
  for (const path of bundle.files) await bundle.checkFile(path, reportMore);
  check.end();
  const { runs, labRuns, judgments, adapters } = check;
  const { name, source, counts } = project;
  const contents = {
    name,
    source,
    made,
    appVersion,
    counts,
    runs,
    labRuns,
    judgments,
    adapters,
    bytes: bundle.bytes,
  };
  return { contents, digests };
}

/** Whether records belong together: to the project, to a run of it, to an answer that is there. */
class Check {
  readonly runs: Contents['runs'] = [];
  readonly labRuns: Contents['labRuns'] = [];
  judgments = 0;
  adapters = 0;
  readonly #runIds = new Set<string>();
  readonly #counts: Record<Split, number> = { train: 0, validation: 0, heldout: 0 };
  readonly #unused: Set<string>;

  constructor(private readonly bundle: Bundle) {
    this.#unused = new Set(bundle.files);
  }

  take(store: BundleStore, record: AnyRecord): void {
    for (const value of Object.values(record) as unknown[])
      if (value instanceof FileInBundle && !this.#unused.delete(value.path))
        throw new BundleError('Weights that a record of it names are missing, or another record has them.');
    if (store === 'runs') this.#takeRun(record as RecordOf<'runs'>);
    else if (store === 'labRuns') this.#takeLabRun(record as RecordOf<'labRuns'>);
    else if (store === 'items') this.#takeItem(record as RecordOf<'items'>);
    else if (store === 'policies') this.#checkPolicy(record as RecordOf<'policies'>);
    else if (store === 'adapters') this.adapters++;
    else if (store === 'judgments') this.#takeJudgment(record as RecordOf<'judgments'>);
    else if ('runId' in record) this.#checkRun(record.runId);
    else this.#checkJudgmentId(judgmentIdOf(store, record) ?? '');
  }

  end(): void {
    const { counts } = this.bundle.manifest.project;
    for (const split of ['train', 'validation', 'heldout'] as const)
      if (counts[split] !== this.#counts[split])
        throw new BundleError('It has not as many items as its project says.');
    if (this.#unused.size > 0) throw new BundleError('It holds weights that nothing in it names.');
  }

  #takeRun({ id, name, created, projectId, cursor }: RecordOf<'runs'>): void {
    this.#checkProject(projectId);
    this.#runIds.add(id);
    this.runs.push({ id, name, created, done: cursor.done });
  }

  #takeLabRun({ id, name, created, lab, projectId, outcome }: RecordOf<'labRuns'>): void {
    this.#checkProject(projectId);
    this.labRuns.push({ id, name, created, lab, done: outcome !== null });
  }

  #takeItem({ projectId, split }: RecordOf<'items'>): void {
    this.#checkProject(projectId);
    this.#counts[split]++;
  }

  #takeJudgment({ id, scope, itemId, sample }: RecordOf<'judgments'>): void {
    this.judgments++;
    if (id !== `${scope}/${itemId}/${sample}`)
      throw new BundleError('A judgment in it is not what its name says.');
    this.#checkJudgmentId(id);
  }

  /** Trained weights are named by the first digits of their hash, and found by that name later. */
  #checkPolicy({ hash, weights }: RecordOf<'policies'>): void {
    const { path } = weights as unknown as FileInBundle;
    if (/^[0-9a-f]{16}$/.test(hash) && !this.bundle.hashOf(path).startsWith(hash))
      throw new BundleError('A trained judge in it is not the one that its name says.');
  }

  #checkProject(projectId: string): void {
    if (projectId !== this.bundle.manifest.project.id)
      throw new BundleError('It holds records of another project than its own.');
  }

  #checkRun(runId: string): void {
    if (!this.#runIds.has(runId)) throw new BundleError('It holds parts of a run that is not in it.');
  }

  #checkJudgmentId(id: string): void {
    const [kind, whose = ''] = id.split('/');
    if (kind === 'sample') this.#checkRun(whose);
    else if (kind !== 'greedy' && kind !== 'judged')
      throw new BundleError('It holds answers of a kind that this page does not know.');
  }
}
