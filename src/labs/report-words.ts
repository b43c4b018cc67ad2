import { valueInWords, type Fields, type FieldValues } from '../harness/fields.ts';
import { formatCount } from '../harness/format.ts';
import type { Named, ReportWords } from '../harness/report-html.ts';
import type { LabJson } from './lab-json.ts';
import type { Lab } from './lab.ts';

/** A lab's result in words, for its report as a file. @param more facts that the result's JSON does not have */
export function labReportWords(
  lab: Lab,
  { settings, judge, data, result }: LabJson,
  more: Named = [],
): ReportWords {
  const { paper } = lab;
  return {
    title: `${lab.title}: ${lab.question}`,
    about: lab.about,
    says: lab.says(result, settings),
    found: {
      title: `What the paper found (${paper.title}, ${paper.authors} ${paper.year})`,
      text: lab.paperFound,
      address: `https://arxiv.org/abs/${paper.arxiv}`,
    },
    facts: [
      ...(judge
        ? ([
            ['judge', `${judge.name}, hash ${judge.hash}`],
            ['asked by', `${judge.protocol}, on ${judge.backend}`],
          ] as const)
        : ([['judge', 'none was asked; these are stored verdicts']] as const)),
      ['data', `${data.name}, ${formatCount(data.size)}, hash ${data.hash}`],
      ...more,
    ],
    settings: [{ title: '', values: settingsInWords(lab.fields, settings) }],
  };
}

/** Every setting by its label. */
export function settingsInWords(fields: Fields, settings: FieldValues): Named {
  return Object.entries(fields).map(([key, field]) => [
    field.label,
    valueInWords(field, settings[key] ?? field.default),
  ]);
}
