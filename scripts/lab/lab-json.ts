import type { FieldValues } from '../../src/harness/fields.ts';
import type { DataFacts, JudgeFacts } from '../../src/harness/lab-run.ts';
import { escape, reportText } from '../../src/harness/report-text.ts';
import type { Lab } from '../../src/labs/lab.ts';

/** What `npm run lab` writes: everything that decided the result, and the result. */
export interface LabJson {
  lab: string;
  settings: FieldValues;
  /** null where verdicts were looked at and no judge was asked. */
  judge: JudgeFacts | null;
  data: DataFacts;
  result: object;
}

/** The report as Markdown: the question, what is shown, what the paper found, then the lab's blocks. */
export function reportOfLab(lab: Lab, { settings, judge, data, result }: LabJson): string {
  const asked = judge ? `${judge.name} (${judge.hash}, ${judge.backend})` : 'no judge was asked';
  return [
    `# ${escape(lab.title)}: ${escape(lab.question)}`,
    escape(lab.says(result, settings)),
    `The paper (${escape(lab.paper.authors)} ${lab.paper.year}, arXiv ${lab.paper.arxiv}) found: ${escape(lab.paperFound)}`,
    reportText(lab.report(result, settings)),
    `${escape(asked)}; data: ${escape(data.name)}, ${data.size}, hash ${data.hash}.`,
  ].join('\n\n');
}
