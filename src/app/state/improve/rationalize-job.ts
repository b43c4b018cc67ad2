import type { SplitItems } from '../../../judge/item.ts';
import type { RecordedLoss } from '../../../harness/recovery.ts';
import { isStage, type Run, type Stage } from '../../../rationalize/records.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import type { RunSettings } from '../../../rationalize/settings.ts';
import { whileOwned } from '../../../store/lock.ts';
import type { JobRequest } from '../job/job.svelte.ts';
import type { RememberedJudge } from '../job/remembered-job.ts';

export const STAGE_LABELS: Record<Stage, string> = {
  before: 'Asking the seed judge',
  sample: 'Sampling rationales',
  pairs: 'Building pairs',
  train: 'Training with DPO',
  evaluate: 'Judging held-out items',
};

/** What a job counts in each stage. */
export const STAGE_UNITS: Record<Stage, string> = {
  before: 'items',
  sample: 'items',
  pairs: 'items',
  train: 'steps',
  evaluate: 'items',
};

/** What one stretch of a run needs. */
export interface RationalizeRequest {
  projectId: string;
  runId: string;
  items: SplitItems;
  settings: RunSettings;
  store: RunStore;
  href: string;
  until?: { round: number; stage: Stage };
  /** Of a run that is gone on with: what was remembered of it. */
  going?: GoingOn;
}

/** How a job goes on that was under way before, in this tab or in another. */
export interface GoingOn {
  paused?: boolean;
  losses?: readonly RecordedLoss[];
  judge?: RememberedJudge;
  takeOver?: boolean;
}

/** A run of Self-Rationalization as a job of the page. */
export function rationalizeJob(request: RationalizeRequest): JobRequest {
  const { projectId, runId, items, settings, store, href, until, going = {} } = request;
  const { takeOver = false, ...before } = going;
  return {
    remembered: { kind: 'run', projectId, runId, settings, ...(until && { until }), ...before },
    takeOver,
    href,
    holder: 'Improving the judge',
    label: ({ stage }) => (isStage(stage) ? STAGE_LABELS[stage] : stage),
    work: async ({ judge: { engine, tokenizer, protocol }, control, emit, owned, losses }) => {
      // The method itself is fetched when it is first run: the page shows its first verdict without it.
      const { rationalize } = await import('../../../rationalize/run.ts');
      return rationalize({
        engine,
        tokenizer,
        protocol,
        items,
        settings,
        store: whileOwned(store, owned),
        runId,
        projectId,
        control,
        onEvent: emit,
        losses,
        ...(until && { until }),
      });
    },
  };
}

/** A run's name in addresses: "calm otter" → "calm-otter". */
export function runSlug(run: Pick<Run, 'name'>): string {
  return run.name.replaceAll(' ', '-');
}
