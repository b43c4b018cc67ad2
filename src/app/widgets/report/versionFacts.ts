import { APP_VERSION } from '../../../harness/app-version.ts';
import type { Named } from '../../../harness/report-html.ts';
import type { VersionUsed } from '../../../harness/versions-used.ts';

/** Which versions of the app made a result, and which one wrote it down. */
export function versionFacts(versions: readonly VersionUsed[]): Named {
  const made = versions.map(({ version }) => version).join(', then ');
  return [...(made ? [['made by app version', made] as const] : []), ['report by app version', APP_VERSION]];
}
