import { newId } from '../../../harness/new-id.ts';
import { presetSettings } from '../../../rationalize/presets.ts';
import { Judging } from '../../state/judging/judging.svelte.ts';
import { runningJob } from '../../state/job/job.svelte.ts';
import { slugOf } from '../../state/improve/improve.svelte.ts';
import { rationalizeJob } from '../../state/improve/rationalize-job.ts';
import { newRunSeed } from '../../state/improve/new-run-seed.ts';
import { project } from '../../state/project/project.svelte.ts';
import { routeTo } from '../../state/shell/router.svelte.ts';
import { RunState } from '../../state/improve/run.svelte.ts';
import type { Item } from '../../../judge/item.ts';

/** The story's run: the newest of the project, or a new one by the Quick preset. An ordinary run in all respects. */
class StoryRun {
  run = $state.raw<RunState | null>(null);
  /** What the button would start, as long as there is no run to go on with. */
  draft = $state.raw(draft([]));
  opened = $state(false);
  /** The story's item, judged by the judge that the run made. */
  again = new Judging();
  #regradedBy: string | null = null;
  /** A run is read from the store only once; its events keep it up to date. */
  #opened: Promise<void> | null = null;

  constructor() {
    runningJob.listen((event, runId) => {
      if (runId === this.run?.id) this.run.receive(event);
    });
  }

  /** What the button starts or goes on with. */
  get next(): RunState {
    return this.run && !this.run.finished ? this.run : this.draft;
  }

  get isRunning(): boolean {
    return runningJob.active && runningJob.runId === this.run?.id;
  }

  get href(): string {
    return this.run ? routeTo('improve', slugOf(this.run), 1) : routeTo('improve');
  }

  open(): Promise<void> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  /** Starts a new run, or goes on with the one on show. */
  async improve(): Promise<void> {
    await this.open();
    // Runs may have been made elsewhere since the draft was.
    if (this.next === this.draft) this.draft = draft(project.runs);
    const run = this.next;
    this.draft = draft([...project.runs, run]);
    this.run = run;
    // Events are shown only on top of what the store holds, which is nothing yet for a new run.
    if (!run.loaded) await run.load(project.store);
    const request = rationalizeJob({
      projectId: project.id,
      runId: run.id,
      items: project.parts,
      settings: run.settings,
      store: project.store,
      href: routeTo('improve', slugOf(run), 1),
    });
    await runningJob.start(request);
  }

  /** Lets the improved judge grade the story's item; once per judge. */
  async judgeAgain(item: Item): Promise<void> {
    const hash = this.run?.results.at(-1)?.policy;
    if (hash === undefined || this.#regradedBy === hash) return;
    this.#regradedBy = hash;
    const policy = await project.store.policy(hash);
    if (policy) await this.again.judge(item, policy);
  }

  async loadSeed(): Promise<void> {
    await this.run?.loadSeed(project.store, project.parts);
  }

  async #open(): Promise<void> {
    await project.open();
    this.opened = true;
    this.draft = draft(project.runs);
    const id = runningJob.active ? runningJob.runId : project.runs[0]?.id;
    const newest = project.runs.find((run) => run.id === id);
    if (!newest || this.run) return;
    const run = new RunState(newest.id, newest.settings);
    await run.load(project.store);
    this.run = run;
  }
}

/** The Quick preset with a seed that none of these runs has, so that a second run is not the first one again. */
function draft(runs: readonly Pick<RunState, 'settings'>[]): RunState {
  const seed = newRunSeed(runs.map((run) => run.settings.seed));
  return new RunState(newId(), presetSettings('quick', { seed }));
}

export const storyRun = new StoryRun();
