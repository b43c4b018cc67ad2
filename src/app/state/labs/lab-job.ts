import { builtInItems } from '../../../data/micro/built-in.ts';
import { inSlices } from '../../../judge/steps.ts';
import type { FieldValues } from '../../../harness/fields.ts';
import type { LabRun, NamedPolicy } from '../../../harness/lab-run.ts';
import type { LabRunStore } from '../../../harness/lab-run-store.ts';
import { CurrentPolicy, reporting } from '../../../harness/workbench.ts';
import type { Lab, LabBench } from '../../../labs/lab.ts';
import { runLab } from '../../../labs/run-lab.ts';
import { isStage } from '../../../rationalize/records.ts';
import { whileOwned } from '../../../store/lock.ts';
import { STAGE_LABELS, type GoingOn } from '../improve/rationalize-job.ts';
import type { JobRequest, JobWork } from '../job/job.svelte.ts';
import { project } from '../project/project.svelte.ts';
import { routeToLab } from '../shell/route.ts';
import { readReleased } from './released.ts';

export interface LabJobRequest {
  lab: Lab;
  runId: string;
  settings: FieldValues;
  others: readonly NamedPolicy[];
  /** Of a run that is gone on with: what was remembered of it. */
  going?: GoingOn;
  /** Told when the run has a record, and when it has an outcome. */
  onRun: (run: LabRun) => void;
}

/** A lab's run as a job of the page. The project must be open. */
export function labJob({ lab, runId, settings, others, going = {}, onRun }: LabJobRequest): JobRequest {
  const { id: projectId, labRuns } = project;
  const { takeOver = false, ...before } = going;
  return {
    remembered: { kind: 'lab', lab: lab.id, projectId, runId, settings, others, ...before },
    takeOver,
    href: routeToLab(lab.id),
    holder: lab.title,
    label: ({ stage }) => (isStage(stage) ? STAGE_LABELS[stage] : stage),
    work: (given) => {
      const emit: LabBench['emit'] = (event) => {
        // A lab that makes a run of Self-Rationalization makes it for the whole project: Improve and Compare show it.
        if (event.type === 'run') project.noteRun(event.run);
        given.emit(event);
      };
      const bench = benchOf({ ...given, emit, others, runId, projectId });
      return runLab(lab, bench, settings, telling(whileOwned(labRuns, given.owned), onRun), given.losses);
    },
  };
}

interface BenchParts
  extends Pick<JobWork, 'judge' | 'control' | 'owned'>, Pick<LabBench, 'emit' | 'runId' | 'projectId'> {
  others: readonly NamedPolicy[];
}

function benchOf({ judge, control, owned, emit, others, runId, projectId }: BenchParts): LabBench {
  const { engine, tokenizer, protocol } = judge;
  const store = whileOwned(project.store, owned);
  return {
    engine,
    tokenizer,
    protocol,
    store,
    emit,
    control: reporting(control, emit),
    policy: new CurrentPolicy(engine, store),
    judges: [{ name: engine.model.name, policy: engine.model.hash }, ...others],
    items: project.hasOwnItems ? project.parts : null,
    builtInItems: async () => (project.hasOwnItems ? inSlices(builtInItems()) : project.parts),
    readReleased,
    runId,
    projectId,
  };
}

/** The store of lab runs, whose writes the page hears of. */
function telling(runs: LabRunStore, onRun: (run: LabRun) => void): LabRunStore {
  return {
    labRun: (id) => runs.labRun(id),
    labRuns: (projectId) => runs.labRuns(projectId),
    deleteLabRun: (id) => runs.deleteLabRun(id),
    putLabRun: async (run) => {
      await runs.putLabRun(run);
      onRun(run);
    },
  };
}
