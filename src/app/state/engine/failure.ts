import { EngineLostError, type EngineLoss } from '../../../harness/engine-loss.ts';

/** What the page can do about a failure, each with a button (`widgets/FailureActions.svelte`). */
export type FailureAction = 'load-again' | 'run-on-cpu';

/** An error as the page tells it: what happened, and what to do. */
export interface Failure {
  what: string;
  remedy: string;
  /** What of the remedy the page can do itself; left out: nothing. */
  actions?: readonly FailureAction[];
}

const LOAD_AGAIN: readonly FailureAction[] = ['load-again'];
const LOAD_OR_CPU: readonly FailureAction[] = ['load-again', 'run-on-cpu'];

const LOST: Record<EngineLoss, Omit<Failure, 'what'>> = {
  'worker-crashed': {
    remedy: 'Load the judge again; if it fails twice, reload the page. Stored work is safe.',
    actions: LOAD_AGAIN,
  },
  'worker-silent': {
    remedy:
      'Load the judge again. Where texts are long, a smaller batch or a smaller judge takes shorter passes.',
    actions: LOAD_AGAIN,
  },
  'device-lost': {
    remedy: 'Load the judge again, or run it on the CPU. Nothing that was stored is lost.',
    actions: LOAD_OR_CPU,
  },
  'gpu-memory': {
    remedy: 'Close other tabs, take a smaller batch or a smaller judge, or run it on the CPU.',
    actions: LOAD_OR_CPU,
  },
  'wasm-memory': {
    remedy: 'Close other tabs, or take a smaller batch, shorter texts or a smaller judge.',
    actions: LOAD_AGAIN,
  },
  ended: { remedy: 'Load the judge again to go on. Stored work is safe.', actions: LOAD_AGAIN },
};

const KNOWN: readonly ({ pattern: RegExp } & Failure)[] = [
  {
    pattern: /failed to fetch|networkerror|load failed|\b404\b/i,
    what: 'A file of the judge did not arrive.',
    remedy:
      'Check the connection and load again. If you opened the page from disk, serve it instead (npm start).',
    actions: LOAD_AGAIN,
  },
  {
    pattern: /out of memory|allocation failed|memory access out of bounds/i,
    what: 'There was not enough memory for the judge.',
    remedy: 'Close other tabs and load again.',
    actions: LOAD_AGAIN,
  },
  {
    pattern: /content security policy|trusted ?types?|trustedscript/i,
    what: 'The page’s own security policy refused a script.',
    remedy: 'A browser extension may have changed the page. Try a private window without extensions.',
  },
];

/** Typed errors of our own already speak in words; browsers' messages are translated where we know them. */
export function explainFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof EngineLostError) return { what: message, ...LOST[error.loss] };
  const known = KNOWN.find(({ pattern }) => pattern.test(message));
  if (known) {
    const { pattern: _, what, ...remedy } = known;
    return { what: `${what} (${message})`, ...remedy };
  }
  return {
    what: message,
    remedy: 'Load the judge again; if it fails twice, reload the page. Stored work is safe.',
    actions: LOAD_AGAIN,
  };
}
