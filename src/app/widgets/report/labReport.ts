import { reportHtml } from '../../../harness/report-html.ts';
import type { LabJson } from '../../../labs/lab-json.ts';
import type { Lab } from '../../../labs/lab.ts';
import { labReportWords } from '../../../labs/report-words.ts';
import { drawnBlocks } from '../blocks/drawnBlocks.ts';
import { plainBlock } from '../blocks/plainBlock.ts';

/** A lab's result as an HTML file: the blocks of its page, all of them and unfolded. */
export async function labReport(lab: Lab, json: LabJson): Promise<Blob> {
  const blocks = lab.report(json.result, json.settings).map(plainBlock);
  const text = reportHtml(labReportWords(lab, json), blocks, await drawnBlocks(blocks));
  return new Blob([text], { type: 'text/html' });
}
