import type { Reading } from './protocol.ts';

/** A text that could not be read. The whole text stands as its rationale, so that it can still be shown. */
export function failure(text: string, reason: string): Reading {
  return { verdict: { kind: 'failure', reason }, rationale: [0, text.length], score: null };
}
