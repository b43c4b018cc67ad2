import { newId } from '../../../harness/new-id.ts';
import { twoWordName } from '../../../harness/names.ts';
import { presetSettings, type PresetName } from '../../../rationalize/presets.ts';
import type { Run, Stage } from '../../../rationalize/records.ts';
import type { RunSettings } from '../../../rationalize/settings.ts';
import { runningJob } from '../job/job.svelte.ts';
import { keptJobs } from '../job/kept-jobs.ts';
import { rationalizeJob, runSlug, type GoingOn, type RationalizeRequest } from './rationalize-job.ts';
import { FIRST_SEED, newRunSeed } from './new-run-seed.ts';
import { panel } from './panel.svelte.ts';
import { dataChanges, type DataChange } from '../project/data-changes.ts';
import { project } from '../project/project.svelte.ts';
import type { RoundState } from './round.svelte.ts';
import { router, routeTo } from '../shell/router.svelte.ts';
import { RunState } from './run.svelte.ts';
import { undoHistory } from '../project/undo.svelte.ts';

/** What `#/improve/new` shows: settings to choose, nothing run yet. */
export const NEW_RUN = 'new';

/** The Improve page's state: which run is on show, the settings of the next one, and how to set them going. */
class Improve {
  preset = $state<PresetName>('quick');
  #draft = $state.raw(draftOf(presetSettings('quick')));
  #chosen = $state.raw<RunState | null>(null);
  /** Counts what was asked to be shown: the latest is. */
  #choice = 0;
  #isReading = false;
  #isStale = false;
  /** The seed that the next run was given; a person may have written another into the form. */
  givenSeed = $state(FIRST_SEED);

  constructor() {
    runningJob.listen((event, runId) => {
      if (event.type === 'run') project.noteRun(event.run);
      dataChanges.tellSoon({ type: 'runs', projectId: project.id, id: runId });
      if (runId === this.#chosen?.id) this.#chosen.receive(event);
    });
    dataChanges.listen((change) => void this.#follow(change).catch(() => undefined));
  }

  /** Follows a run that another tab works on or decides about, and leaves one that is gone. */
  async #follow(change: DataChange): Promise<void> {
    const run = this.#chosen;
    if (change.type === 'decisions' && change.runId === run?.id)
      await run.rounds[change.round - 1]?.loadDecisions(project.store);
    // What this tab works on itself it knows first.
    if (change.type !== 'runs' || change.id !== run?.id || runningJob.active) return;
    this.#isStale = true;
    if (!this.#isReading) await this.#read(run);
  }

  /** Reads the run until nothing was told meanwhile: the last that a job tells must not be missed. */
  async #read(run: RunState): Promise<void> {
    this.#isReading = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        await run.load(project.store);
      }
      this.keepAddress();
    } finally {
      this.#isReading = false;
    }
  }

  /** A run that was renamed has another address. */
  keepAddress(): void {
    const { run, round } = router.route;
    if (!this.#chosen || !isHere() || run === null || run === slugOf(this.#chosen)) return;
    router.replace('improve', slugOf(this.#chosen), round ?? undefined);
  }

  /** Where the run on show was deleted there is nothing to show of it. */
  leaveMissing(): void {
    const { record, id } = this.run;
    if (!record || record.projectId !== project.record?.id || runningJob.runId === id) return;
    if (project.runs.some((one) => one.id === id)) return;
    this.#chosen = null;
    if (isHere()) router.replace('improve');
  }

  /** The run on show; where none is chosen, one that has not begun. */
  get run(): RunState {
    return this.#chosen ?? this.#draft;
  }

  get isDraft(): boolean {
    return this.#chosen === null;
  }

  /** The settings of a run that has not begun. */
  get settings(): RunSettings {
    return this.#draft.settings;
  }

  set settings(settings: RunSettings) {
    this.#draft = draftOf(settings);
  }

  /** Shows the run of this name; without a name the newest one. */
  async show(name: string | null): Promise<void> {
    const choice = ++this.#choice;
    await project.open();
    const run = name === null ? project.runs[0] : await runNamed(name);
    // Something else was chosen, or set going, while this was looked for.
    if (choice !== this.#choice) return;
    if (this.#chosen && slugOf(this.#chosen) === name) return;
    if (run) {
      if (this.#chosen?.id !== run.id) await this.#choose(new RunState(run.id, run.settings));
      if (name === null && isHere()) router.replace('improve', runSlug(run), 1);
      return;
    }
    this.#giveSeed(project.runs);
    this.#chosen = null;
    if (name !== null && name !== NEW_RUN && isHere()) router.replace('improve');
  }

  /** Sets the run going, up to this stage or to its end; continues where it stopped. */
  async start(until?: { round: number; stage: Stage }): Promise<void> {
    this.#choice++;
    const { run } = this;
    if (this.isDraft) await this.#choose(run);
    const href = panel.address(slugOf(run), until?.round ?? 1);
    if (router.route.run !== slugOf(run)) location.hash = href;
    await this.#run(run, { ...(until && { until }), href });
  }

  /** Begins a run like the one on show, with half as many pairs in a step: what a smaller memory holds. */
  async startSmaller(): Promise<void> {
    const { settings } = this.run;
    this.prepare({ ...settings, batchSize: smallerBatch(settings.batchSize) });
    await this.start();
  }

  /** Puts a new run with these settings on show; nothing is run. */
  prepare(settings: RunSettings): void {
    this.#choice++;
    this.#draft = draftOf(settings);
    this.#chosen = null;
  }

  /** Goes on with a run that was under way before a reload, or in another tab; it may have no record yet. */
  async resume(
    run: Pick<Run, 'id' | 'settings'>,
    until: RationalizeRequest['until'],
    going: GoingOn,
  ): Promise<void> {
    const href = routeTo('improve', slugOf(run), until?.round ?? 1);
    await this.#run(run, { ...(until && { until }), going, href });
  }

  /** Trains a round again, with the pairs as a person left them; samples and decisions stay. */
  async retrain(round: RoundState, until: { round: number; stage: Stage }): Promise<void> {
    await project.store.discardTraining(round.runId, round.number);
    await this.run.load(project.store);
    await this.start(until);
  }

  async #run(
    { id, settings }: Pick<Run, 'id' | 'settings'>,
    options: Pick<RationalizeRequest, 'until' | 'going' | 'href'>,
  ): Promise<void> {
    const { id: projectId, parts: items, store } = project;
    await runningJob.start(rationalizeJob({ projectId, runId: id, items, settings, store, ...options }));
  }

  async #choose(run: RunState): Promise<void> {
    undoHistory.forget('pairs');
    const isDraft = run === this.#draft;
    this.#chosen = run;
    this.#draft = draftOf(this.settings);
    this.#giveSeed(isDraft ? [...project.runs, run] : project.runs, isDraft);
    await run.load(project.store);
  }

  /** Gives the next run a seed of its own; one that a person wrote stays until a run has begun with it. */
  #giveSeed(runs: readonly Pick<Run, 'settings'>[], begun = false): void {
    if (!begun && this.settings.seed !== this.givenSeed) return;
    const used = runs.map((run) => run.settings.seed);
    this.givenSeed = newRunSeed(used, this.givenSeed);
    this.settings = { ...this.settings, seed: this.givenSeed };
  }
}

/**
 * The run of this name, or one that was called so by its id before it was renamed; one that waits for its judge has no
 * record yet, only its job is kept.
 */
async function runNamed(name: string): Promise<Pick<Run, 'id' | 'name' | 'settings'> | undefined> {
  const known =
    project.runs.find((run) => runSlug(run) === name) ??
    project.runs.find(({ id }) => firstSlugOf(id) === name);
  if (known) return known;
  const jobs = (await keptJobs()).flatMap(({ job }) => (job.kind === 'run' ? [job] : []));
  const waiting = jobs.find((job) => firstSlugOf(job.runId) === name && job.projectId === project.id);
  return waiting && { id: waiting.runId, name: twoWordName(waiting.runId), settings: waiting.settings };
}

/** Whether the reader is still on this page; reading a run takes a moment. */
function isHere(): boolean {
  return router.route.place === 'improve';
}

/** Pairs per step, where the step before was too large. */
export function smallerBatch(batchSize: number): number {
  return Math.ceil(batchSize / 2);
}

/** A run's name in addresses, known before the run has a record. */
export function slugOf({ id }: { id: string }): string {
  const known = project.runs.find((run) => run.id === id);
  return known ? runSlug(known) : firstSlugOf(id);
}

/** What a run is called until somebody renames it. */
const firstSlugOf = (id: string): string => runSlug({ name: twoWordName(id) });

/** A run of its own id, whose name no run of the project has. */
function draftOf(settings: RunSettings): RunState {
  const taken = new Set(project.runs.map((run: Run) => run.name));
  for (;;) {
    const id = newId();
    if (!taken.has(twoWordName(id))) return new RunState(id, settings);
  }
}

export const improve = new Improve();
