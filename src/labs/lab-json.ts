import type { FieldValues } from '../harness/fields.ts';
import type { DataFacts, JudgeFacts } from '../harness/lab-run.ts';
import { escape, reportText } from '../harness/report-text.ts';
import type { Lab } from './lab.ts';

/** What `npm run lab` writes and the page saves: everything that decided the result, and the result. */
export interface LabJson {
  lab: string;
  settings: FieldValues;
  /** null where verdicts were looked at and no judge was asked. */
  judge: JudgeFacts | null;
  data: DataFacts;
  result: object;
}

/**
 * The report as Markdown: the question, what is shown, what the paper found, then the lab's blocks.
 * @param heading "#" for a document of its own, more signs within another
 */
export function reportOfLab(lab: Lab, { settings, judge, data, result }: LabJson, heading = '#'): string {
  const asked = judge ? `${judge.name} (${judge.hash}, ${judge.backend})` : 'no judge was asked';
  return [
    `${heading} ${escape(lab.title)}: ${escape(lab.question)}`,
    escape(lab.says(result, settings)),
    `The paper (${escape(lab.paper.authors)} ${lab.paper.year}, arXiv ${lab.paper.arxiv}) found: ${escape(lab.paperFound)}`,
    reportText(lab.report(result, settings)),
    `${escape(asked)}; data: ${escape(data.name)}, ${data.size}, hash ${data.hash}.`,
  ].join('\n\n');
}
