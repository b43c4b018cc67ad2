/** A long job as the header shows it. Whoever runs it keeps this up to date and clears it at the end. */
export interface RunningJob {
  /** What is being done, in a word or three: "Sampling rationales". */
  label: string;
  done: number;
  total: number;
  /** Seconds that are left, when an estimate exists. */
  secondsLeft: number | null;
  paused: boolean;
  /** The place where the job is shown in full. */
  href: string;
  pause(): void;
  resume(): void;
}

/** What the header shows of the parts below it; they write here, the header only reads. */
class Shell {
  project = $state('Micro-judging tasks');
  projectId = $state<string | null>(null);
  job = $state.raw<RunningJob | null>(null);
  /** A job of this visit has ended well. */
  hasFinished = $state(false);
  judgeDrawer = $state(false);
  drawerTab = $state<'judge' | 'models'>('judge');
}

export const shell = new Shell();
