import { ownName } from '../../../harness/own-name.ts';
import type { Progress } from '../../../harness/job.ts';

/** A job as other tabs show it. */
export interface JobElsewhere {
  runId: string;
  href: string;
  label: string;
  paused: boolean;
  progress: Progress | null;
}

/** What tabs say to each other about jobs. */
export type JobMessage =
  /** Whoever has a job is to tell how far it is. */
  | { kind: 'who' }
  | { kind: 'progress'; job: JobElsewhere }
  | { kind: 'ended'; runId: string }
  /** Another tab takes this run over: whoever has it is to let go. */
  | { kind: 'release'; runId: string };

const channel = new BroadcastChannel(ownName('judge-playground.job'));

/** To all other tabs. */
export function tellTabs(message: JobMessage): void {
  channel.postMessage(message);
}

/** Calls `listener` with what other tabs say. */
export function listenToTabs(listener: (message: JobMessage) => void): void {
  channel.addEventListener('message', ({ data }: MessageEvent<JobMessage>) => listener(data));
}
