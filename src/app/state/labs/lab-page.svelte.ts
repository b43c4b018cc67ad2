import { newId } from '../../../harness/new-id.ts';
import { changesOf, defaultsOf, readTexts, type FieldValues } from '../../../harness/fields.ts';
import type { DataFacts, JudgeFacts, LabOutcome, LabRun, NamedPolicy } from '../../../harness/lab-run.ts';
import type { VersionUsed } from '../../../harness/versions-used.ts';
import type { Lab } from '../../../labs/lab.ts';
import { loadLab } from '../../../labs/registry.ts';
import type { GoingOn } from '../improve/rationalize-job.ts';
import { runningJob } from '../job/job.svelte.ts';
import { bin } from '../project/bin.svelte.ts';
import { dataChanges } from '../project/data-changes.ts';
import { storedStatus } from '../project/stored-status.svelte.ts';
import { project } from '../project/project.svelte.ts';
import { undoHistory } from '../project/undo.svelte.ts';
import { labJob } from './lab-job.ts';
import { readReleased } from './released.ts';
import type { AnalysedFile } from '../../../../workers/verdicts.worker.ts';
import { analyseFile } from './verdict-work.ts';

/** Where the results on show come from. */
export type Source = 'judge' | 'released' | 'file';

/** What is on show: numbers, where they come from, and the records behind them. */
export interface Shown {
  source: Source;
  settings: FieldValues;
  judge: JudgeFacts | null;
  data: DataFacts;
  /** Of the app, where this page ran it. */
  versions?: readonly VersionUsed[];
  outcome: LabOutcome;
}

/** One lab on the page: its settings, its runs, and what is on show. */
export class LabPage {
  lab = $state.raw<Lab | null>(null);
  settings = $state.raw<FieldValues>({});
  source = $state<Source>('judge');
  /** Trained judges to ask beside the open one. */
  others = $state.raw<readonly NamedPolicy[]>([]);
  /** Runs of this lab in this project, the newest first. */
  runs = $state.raw<readonly LabRun[]>([]);
  run = $state.raw<LabRun | null>(null);
  /** Verdicts of a file that the reader brought. */
  file = $state.raw<(Shown & { name: string } & Pick<AnalysedFile, 'ignored' | 'leftOut'>) | null>(null);
  failure = $state<string | null>(null);
  /** Why the settings of the address are not those on show. */
  notice = $state<string | null>(null);
  /** The run that was set going here, before and after it has a record. */
  #started = $state<string | null>(null);
  #released = $state.raw<Shown | null>(null);
  #opening: Promise<void> | null = null;

  constructor(readonly id: string) {
    dataChanges.listen((change) => {
      if (change.type === 'labRuns' && !this.isRunning) void this.reread().catch(() => undefined);
    });
  }

  /** What the page shows just now; null where nothing was run or opened. */
  readonly shown = $derived.by((): Shown | null => {
    if (this.source === 'released') return this.#released;
    if (this.source === 'file') return this.file;
    const { run } = this;
    return run?.outcome ? { source: 'judge', ...run, outcome: run.outcome } : null;
  });

  /** Whether a run of this lab has the judge, or waits for it. */
  get isRunning(): boolean {
    return runningJob.active && runningJob.runId === this.#started;
  }

  /** The settings that differ from their defaults, as an address carries them. */
  get changes(): Record<string, string> {
    return this.lab ? changesOf(this.lab.fields, this.settings) : {};
  }

  /** Loads the lab and its released verdicts. No judge is needed. */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<void> {
    const lab = await loadLab(this.id);
    this.settings = defaultsOf(lab.fields);
    this.lab = lab;
    if (lab.released) {
      this.source = 'released';
      await this.#openReleased(lab);
    }
  }

  /** The reader comes to this page, perhaps by an address with settings; where they were before, their runs are shown. */
  async arrive(texts: Readonly<Record<string, string>>): Promise<void> {
    await this.open();
    this.notice = null;
    const named = Object.keys(texts).length > 0;
    if (this.lab && named) this.settings = this.#readSettings(this.lab, texts);
    if (project.isKnown) await this.readRuns(!named);
  }

  /** Asks the judge, by the settings on show. */
  async start(): Promise<void> {
    const { lab } = this;
    if (!lab || runningJob.active) return;
    await project.open();
    await this.#run(lab, newId(), this.settings);
  }

  /** Goes on with a run that has no outcome yet, or perhaps not even a record. */
  async resume(run: Pick<LabRun, 'id' | 'settings' | 'others'>, going: GoingOn = {}): Promise<void> {
    if (!this.lab) return;
    this.others = run.others ?? [];
    await this.#run(this.lab, run.id, run.settings, going);
  }

  show(run: LabRun): void {
    this.run = run;
    this.source = 'judge';
    this.#take(run);
  }

  /** Reads the runs again: one of them was changed here or in another tab. */
  async reread(): Promise<void> {
    if (!this.run) return;
    const all = await project.labRuns.labRuns(project.id);
    this.runs = all.filter(({ lab }) => lab === this.id);
    this.run = this.runs.find(({ id }) => id === this.run?.id) ?? this.run;
  }

  /** Puts a run into the bin. */
  async forget(run: LabRun): Promise<void> {
    const { id, name, projectId } = run;
    if (storedStatus.state === 'open') await bin.put({ kind: 'labRuns', id, name, projectId });
    else await project.labRuns.deleteLabRun(id);
    this.runs = this.runs.filter(({ id }) => id !== run.id);
    if (this.run?.id === run.id) this.run = this.runs[0] ?? null;
  }

  /** A preset's settings; those that were made by hand can be taken back. */
  async usePreset(settings: FieldValues, byHand: boolean): Promise<void> {
    const before = this.settings;
    const redo = async () => void (this.settings = settings);
    const undo = async () => void (this.settings = before);
    if (!byHand) return redo();
    await undoHistory.doAndSay(
      { title: 'change preset', redo, undo },
      'Your settings gave way to the preset.',
    );
  }

  /** Analyses a file of verdicts. @throws Error that says in words what is wrong with it */
  async openFile(file: File): Promise<void> {
    if (!this.lab) return;
    const analysed = await analyseFile(this.lab.id, file, this.settings);
    this.file = { source: 'file', name: file.name, judge: null, ...analysed };
    this.source = 'file';
  }

  async #run(lab: Lab, runId: string, settings: FieldValues, going: GoingOn = {}): Promise<void> {
    this.source = 'judge';
    this.failure = null;
    this.#started = runId;
    const job = labJob({
      lab,
      runId,
      settings,
      others: this.others,
      going,
      onRun: (run) => this.#note(run),
    });
    await runningJob.start(job);
    if (runningJob.state === 'failed' && runningJob.runId === runId) this.failure = runningJob.error;
  }

  #note(run: LabRun): void {
    this.run = run;
    this.runs = [run, ...this.runs.filter(({ id }) => id !== run.id)];
  }

  /**
   * The runs of the project on show; the newest is shown where none of them is, with its settings unless the address
   * brought some.
   */
  async readRuns(withSettings = true): Promise<void> {
    await project.open();
    const all = await project.labRuns.labRuns(project.id);
    this.runs = all.filter(({ lab }) => lab === this.id);
    if (this.run?.projectId === project.id) return;
    const [newest] = this.runs;
    this.run = newest ?? null;
    if (!newest) return;
    this.source = 'judge';
    if (withSettings) this.#take(newest);
  }

  /** A run's settings, if they still are settings of this lab. */
  #take({ settings }: LabRun): void {
    try {
      if (this.lab) this.settings = this.lab.check(settings);
    } catch {
      this.notice = 'This run was made by an earlier version of the lab, whose settings were others.';
    }
  }

  /** A link's settings; what cannot be taken leaves the defaults, and says so. */
  #readSettings(lab: Lab, texts: Readonly<Record<string, string>>): FieldValues {
    try {
      return readTexts(lab.fields, texts);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.notice = `The address names settings that cannot be taken: ${why} These are the defaults.`;
      return defaultsOf(lab.fields);
    }
  }

  async #openReleased(lab: Lab): Promise<void> {
    const { released } = lab;
    if (!released) return;
    const settings = defaultsOf(lab.fields);
    const [outcome, data] = await Promise.all([
      released.open(readReleased, settings),
      released.data(readReleased),
    ]);
    this.#released = { source: 'released', settings, judge: null, data, outcome };
  }
}
