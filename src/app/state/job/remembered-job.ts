import * as v from 'valibot';
import type { FieldValues } from '../../../harness/fields.ts';
import type { NamedPolicy } from '../../../harness/lab-run.ts';
import { isStage, type Stage } from '../../../rationalize/records.ts';

interface Remembered {
  projectId: string;
  /** Id of the run, or of the lab's run. */
  runId: string;
  paused?: boolean;
}

/** What a reloaded page must know to go on with a job: which, how far, and whether it was paused. */
export type RememberedJob =
  /** `until`: stop after this stage; left out: to the end. */
  | (Remembered & { kind: 'run'; until?: { round: number; stage: Stage } })
  /** With all that begins it anew: a run that waits for its judge has no record yet. */
  | (Remembered & { kind: 'lab'; lab: string; settings: FieldValues; others: readonly NamedPolicy[] });

const remembered = {
  projectId: v.string(),
  runId: v.string(),
  paused: v.exactOptional(v.boolean()),
};

/** What another version left here, or somebody changed, is no job. */
const JobSchema: v.GenericSchema<unknown, RememberedJob> = v.variant('kind', [
  v.object({
    kind: v.literal('run'),
    ...remembered,
    until: v.exactOptional(
      v.object({
        round: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
        stage: v.custom<Stage>((stage) => typeof stage === 'string' && isStage(stage)),
      }),
    ),
  }),
  v.object({
    kind: v.literal('lab'),
    ...remembered,
    lab: v.string(),
    settings: v.record(v.string(), v.union([v.string(), v.pipe(v.number(), v.finite())])),
    others: v.array(v.object({ name: v.string(), policy: v.string() })),
  }),
]);

const KEY = 'judge-playground.job';

/** The job that was under way in this tab before the reload; null when there was none. */
export function rememberedJob(): RememberedJob | null {
  try {
    const parsed = v.safeParse(JobSchema, JSON.parse(sessionStorage.getItem(KEY) ?? 'null'));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

export function rememberJob(job: RememberedJob): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(job));
  } catch {
    // Storage is refused in some private windows; the run can then be continued by hand.
  }
}

export function forgetJob(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
