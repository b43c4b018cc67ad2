import { changesOf, defaultsOf, readTexts, type FieldValues } from '../../../harness/fields.ts';
import type { DataFacts, JudgeFacts, LabOutcome, LabRun, NamedPolicy } from '../../../harness/lab-run.ts';
import type { Lab } from '../../../labs/lab.ts';
import { loadLab } from '../../../labs/registry.ts';
import { runningJob } from '../job/job.svelte.ts';
import { project } from '../project/project.svelte.ts';
import { labJob } from './lab-job.ts';
import { readReleased } from './released.ts';
import { analyseFile } from './verdict-work.ts';

/** Where the results on show come from. */
export type Source = 'judge' | 'released' | 'file';

/** What is on show: numbers, where they come from, and the records behind them. */
export interface Shown {
  source: Source;
  settings: FieldValues;
  judge: JudgeFacts | null;
  data: DataFacts;
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
  file = $state.raw<(Shown & { name: string; ignored: readonly string[] }) | null>(null);
  failure = $state<string | null>(null);
  #released = $state.raw<Shown | null>(null);
  #opening: Promise<void> | null = null;

  constructor(readonly id: string) {}

  /** What the page shows just now; null where nothing was run or opened. */
  get shown(): Shown | null {
    if (this.source === 'released') return this.#released;
    if (this.source === 'file') return this.file;
    const { run } = this;
    return run?.outcome ? { source: 'judge', ...run, outcome: run.outcome } : null;
  }

  /** A run of this lab that has the judge, or had it when the page was left. */
  get isRunning(): boolean {
    return runningJob.active && this.run !== null && runningJob.runId === this.run.id;
  }

  /** The settings that differ from their defaults, as an address carries them. */
  get changes(): Record<string, string> {
    return this.lab ? changesOf(this.lab.fields, this.settings) : {};
  }

  /** Loads the lab, its released verdicts and, where the reader was here before, its runs. No judge is needed. */
  open(texts: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#opening ??= this.#open(texts).catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #open(texts: Readonly<Record<string, string>>): Promise<void> {
    const lab = await loadLab(this.id);
    this.settings = readSettings(lab, texts);
    this.lab = lab;
    if (lab.released) {
      this.source = 'released';
      await this.#openReleased(lab);
    }
    if (project.isKnown) await this.#readRuns();
  }

  /** Asks the judge, by the settings on show. */
  async start(): Promise<void> {
    const { lab } = this;
    if (!lab || runningJob.active) return;
    await project.open();
    await this.#run(lab, crypto.randomUUID(), this.settings, false);
  }

  /** Goes on with a run that has no outcome yet. */
  async resume(run: LabRun, paused = false): Promise<void> {
    if (!this.lab) return;
    this.others = run.others ?? [];
    await this.#run(this.lab, run.id, run.settings, paused);
  }

  show(run: LabRun): void {
    this.run = run;
    this.source = 'judge';
    this.settings = run.settings;
  }

  async forget(run: LabRun): Promise<void> {
    await project.labRuns.deleteLabRun(run.id);
    this.runs = this.runs.filter(({ id }) => id !== run.id);
    if (this.run?.id === run.id) this.run = this.runs[0] ?? null;
  }

  /** Analyses a file of verdicts. @throws Error that says in words what is wrong with it */
  async openFile(file: File): Promise<void> {
    if (!this.lab) return;
    const analysed = await analyseFile(this.lab.id, file, this.settings);
    this.file = { source: 'file', name: file.name, judge: null, ...analysed };
    this.source = 'file';
  }

  async #run(lab: Lab, runId: string, settings: FieldValues, paused: boolean): Promise<void> {
    this.source = 'judge';
    this.failure = null;
    const job = labJob({
      lab,
      runId,
      settings,
      others: this.others,
      paused,
      onRun: (run) => this.#note(run),
    });
    await runningJob.start(job);
    if (runningJob.state === 'failed' && runningJob.runId === runId) this.failure = runningJob.error;
  }

  #note(run: LabRun): void {
    this.run = run;
    this.runs = [run, ...this.runs.filter(({ id }) => id !== run.id)];
  }

  async #readRuns(): Promise<void> {
    await project.open();
    const all = await project.labRuns.labRuns(project.id);
    this.runs = all.filter(({ lab }) => lab === this.id);
    const newest = this.runs[0];
    if (!newest || this.run) return;
    this.run = newest;
    this.source = 'judge';
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

/** A link's settings; what cannot be read leaves the defaults. */
function readSettings(lab: Lab, texts: Readonly<Record<string, string>>): FieldValues {
  try {
    return readTexts(lab.fields, texts);
  } catch {
    return defaultsOf(lab.fields);
  }
}
