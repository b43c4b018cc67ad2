import { reportHtml } from '../../../harness/report-html.ts';
import type { VersionUsed } from '../../../harness/versions-used.ts';
import type { LabJson } from '../../../labs/lab-json.ts';
import type { Lab } from '../../../labs/lab.ts';
import { labReportWords } from '../../../labs/report-words.ts';
import { drawnBlocks } from '../blocks/drawnBlocks.ts';
import { plainBlock } from '../blocks/plainBlock.ts';
import { versionFacts } from './versionFacts.ts';

/** A lab's result as an HTML file: the blocks of its page, all of them and unfolded. */
export async function labReport(
  lab: Lab,
  json: LabJson,
  versions: readonly VersionUsed[] = [],
): Promise<Blob> {
  const blocks = lab.report(json.result, json.settings).map(plainBlock);
  const text = reportHtml(
    labReportWords(lab, json, versionFacts(versions)),
    blocks,
    await drawnBlocks(blocks),
  );
  return new Blob([text], { type: 'text/html' });
}
