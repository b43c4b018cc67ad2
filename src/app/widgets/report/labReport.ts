import { reportHtml } from '../../../harness/report-html.ts';
import { writtenForFile } from '../../../harness/reader-locale.ts';
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
  const { words, blocks } = writtenForFile(() => ({
    words: labReportWords(lab, json, versionFacts(versions)),
    blocks: lab.report(json.result, json.settings).map(plainBlock),
  }));
  const pictures = await drawnBlocks(blocks);
  const text = writtenForFile(() => reportHtml(words, blocks, pictures));
  return new Blob([text], { type: 'text/html' });
}
