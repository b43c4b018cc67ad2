import * as v from 'valibot';
import type { FieldValues } from '../../../harness/fields.ts';
import type { EngineLoss } from '../../../harness/engine-loss.ts';
import type { Progress } from '../../../harness/job.ts';
import type { NamedPolicy } from '../../../harness/lab-run.ts';
import type { RecordedLoss } from '../../../harness/recovery.ts';
import { isStage, type Stage } from '../../../rationalize/records.ts';
import type { RunSettings } from '../../../rationalize/settings.ts';
import type { JudgeModel } from '../models/judge-model.ts';

/** The judge that a job asks. A model from the reader's files is remembered by name only: a page cannot keep files. */
export interface RememberedJudge {
  kind: JudgeModel['kind'];
  name: string;
  /** Id of the adapter on it. */
  adapter: string | null;
}

interface Remembered {
  projectId: string;
  /** Id of the run, or of the lab's run. */
  runId: string;
  paused?: boolean;
  judge?: RememberedJudge;
  /** How the engine was lost since a person pressed the button. */
  losses?: readonly RecordedLoss[];
}

/**
 * All that begins a job anew or goes on with it: a run that waits for its judge has no record yet.
 * `until`: stop after this stage; left out: to the end.
 */
export type RememberedJob =
  | (Remembered & { kind: 'run'; settings: RunSettings; until?: { round: number; stage: Stage } })
  | (Remembered & { kind: 'lab'; lab: string; settings: FieldValues; others: readonly NamedPolicy[] });

/** A job as this browser keeps it while it is under way, beyond the life of its tab. */
export interface KeptJob {
  job: RememberedJob;
  /** Where it was seen last, in milliseconds since 1970. */
  at: number;
  progress: Progress | null;
  /** The reader has said "Not now". */
  later?: boolean;
}

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const loss = v.object({
  when: number,
  loss: v.custom<EngineLoss>((value) => typeof value === 'string'),
  what: v.string(),
  worked: number,
  stage: v.exactOptional(v.string()),
  round: v.exactOptional(count),
});

const remembered = {
  projectId: v.string(),
  runId: v.string(),
  paused: v.exactOptional(v.boolean()),
  judge: v.exactOptional(
    v.object({
      kind: v.picklist(['shipped', 'stored', 'local']),
      name: v.string(),
      adapter: v.nullable(v.string()),
    }),
  ),
  losses: v.exactOptional(v.array(loss)),
};

/** Which settings there are, and their ranges, is checked where they are used. */
const settings = v.record(v.string(), v.union([v.string(), number]));

const JobSchema: v.GenericSchema<unknown, RememberedJob> = v.variant('kind', [
  v.object({
    kind: v.literal('run'),
    ...remembered,
    settings: v.pipe(
      settings,
      v.transform((given) => given as unknown as RunSettings),
    ),
    until: v.exactOptional(
      v.object({
        round: count,
        stage: v.custom<Stage>((stage) => typeof stage === 'string' && isStage(stage)),
      }),
    ),
  }),
  v.object({
    kind: v.literal('lab'),
    ...remembered,
    lab: v.string(),
    settings,
    others: v.array(v.object({ name: v.string(), policy: v.string() })),
  }),
]);

const KeptSchema: v.GenericSchema<unknown, KeptJob> = v.object({
  job: JobSchema,
  at: number,
  progress: v.nullable(
    v.object({
      stage: v.string(),
      round: v.exactOptional(count),
      done: number,
      total: number,
      tokensPerSecond: v.nullable(number),
      secondsLeft: v.nullable(number),
    }),
  ),
  later: v.exactOptional(v.boolean()),
});

/** What another version left behind, or somebody changed, is no job: null. */
export function jobOf(value: unknown): RememberedJob | null {
  const parsed = v.safeParse(JobSchema, value);
  return parsed.success ? parsed.output : null;
}

/** As `jobOf`. */
export function keptJobOf(value: unknown): KeptJob | null {
  const parsed = v.safeParse(KeptSchema, value);
  return parsed.success ? parsed.output : null;
}
