import { APP_VERSION } from './app-version.ts';

/** A version of the app that worked on a run, and since when. */
export interface VersionUsed {
  version: string;
  /** Milliseconds since 1970. */
  since: number;
}

/** The versions of a run, with the one that it goes on with now. */
export function versionsUsed(
  known: readonly VersionUsed[] = [],
  version = APP_VERSION,
): readonly VersionUsed[] {
  if (known.at(-1)?.version === version) return known;
  return [...known, { version, since: Date.now() }];
}
