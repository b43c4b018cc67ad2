/** An error as the page tells it: what happened, and what to do. */
export interface Failure {
  what: string;
  remedy: string;
}

const KNOWN: readonly { pattern: RegExp; what: string; remedy: string }[] = [
  {
    pattern: /failed to fetch|networkerror|load failed|\b404\b/i,
    what: 'A file of the judge did not arrive.',
    remedy:
      'Check the connection and load again. If you opened the page from disk, serve it instead (npm start).',
  },
  {
    pattern: /device.*lost|gpu.*(lost|crash)/i,
    what: 'The graphics driver took the GPU away (sleep, driver update, or too much memory).',
    remedy:
      'Load the judge again, or switch to the CPU in the judge drawer. Nothing that was stored is lost.',
  },
  {
    pattern: /out of memory|allocation failed|memory access out of bounds/i,
    what: 'There was not enough memory for the judge.',
    remedy: 'Close other tabs and load again.',
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
  const known = KNOWN.find(({ pattern }) => pattern.test(message));
  if (known) return { what: `${known.what} (${message})`, remedy: known.remedy };
  return {
    what: message,
    remedy: 'Load the judge again; if it fails twice, reload the page. Stored work is safe.',
  };
}
