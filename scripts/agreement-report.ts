import { isWithinBound, type Difference, type Subject } from '../test/agreement.ts';

/** A group of test files that measure differences, and Vitest's report of them. */
export interface Part {
  name: string;
  title: string;
  /** What the differences are from. */
  reference: string;
  files: string[];
  report: VitestReport;
}

/** The part of Vitest's JSON report that is read here. JSON writes NaN as null. */
interface VitestReport {
  testResults: {
    startTime: number;
    endTime: number;
    message: string;
    assertionResults: {
      fullName: string;
      status: string;
      failureMessages: string[];
      meta: { agreement?: (Subject & Difference)[] };
    }[];
  }[];
}

/** What was measured of one fixture on one backend. */
interface Row {
  subject: Subject;
  cells: Map<string, Difference>;
}

/** docs/results/agreement.md: every number in it comes from the reports. */
export function agreementReport(parts: Part[], machine: string): string {
  const all = parts.flatMap(measurements);
  const misses = all.filter((one) => !isWithinBound(read(one)));
  const troubles = parts.flatMap(troublesOf);
  const devices = [
    ...new Set(all.flatMap(({ backend, device }) => (device ? [`${deviceName(backend)}: ${device}`] : []))),
  ];
  return `# Agreement with the reference implementations

Made by \`npm run results:agreement\`, which runs the tests named below, those of \`npm run test:long\` included, and tabulates the differences that they hold against their bounds. ${machine}; ${devices.join('; ')}.

${all.length} quantities were compared, ${misses.length === 0 ? 'all of them within their bounds' : `**${misses.length} of them beyond their bounds** (marked ✗)`}. A number is the largest difference seen (of the places compared, the one nearest to its bound); the bound stands in the head of its column, or beside the number where it is not the same for all. *k of n* says that k of the n things compared differ; none may. “–” was not compared.
${troubles.length === 0 ? '' : `\n${troubles.join('\n')}\n`}
${parts.map(section).join('\n')}`;
}

const measurements = ({ report }: Part) =>
  report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ meta }) => meta.agreement ?? []),
  );

/** What JSON cannot hold was not a number: no bound admits it. */
const read = <T extends Difference>(one: T): T => ({ ...one, difference: one.difference ?? NaN });

const deviceName = (backend: string) => backend.replace(/,.*/, '');

/** Tests that did not run, or failed before they had measured anything: their absence from a table must not look like success. */
function troublesOf({ report }: Part): string[] {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const unloaded = report.testResults.filter(
    ({ message, assertionResults }) => message && assertionResults.length === 0,
  );
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const failed = tests.filter(({ status }) => status === 'failed');
  return [
    ...unloaded.map(({ message }) => `- **Not measured:** ${oneLine(message)}`),
    ...skipped.map(({ fullName }) => `- **Not run** (its files are not here): ${fullName}`),
    ...failed.map(
      ({ fullName, failureMessages }) => `- **Failed:** ${fullName}: ${oneLine(failureMessages[0] ?? '')}`,
    ),
  ];
}

const oneLine = (text: string) => text.split('\n')[0]!.slice(0, 200);

function section(part: Part): string {
  const rows = rowsOf(measurements(part).map(read));
  const columns = [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))];
  const heads = columns.map((column) => head(column, rows));
  const lines = rows.map(({ subject, cells }) => {
    const numbers = columns.map((column, i) => cell(cells.get(column), heads[i]!.shared));
    return `| ${[subject.fixture, subject.backend, ...numbers].join(' | ')} |`;
  });
  const seconds = part.report.testResults.reduce(
    (sum, { startTime, endTime }) => sum + (endTime - startTime) / 1000,
    0,
  );
  return `## ${part.title}

Against ${part.reference}. ${part.files.map((file) => `\`${file}\``).join(', ')}; ${seconds.toFixed(0)} s.

| ${['fixture', 'backend', ...heads.map(({ text }) => text)].join(' | ')} |
|${' --- |'.repeat(columns.length + 2)}
${lines.join('\n')}
`;
}

/** Quantities of one fixture on one backend, from whichever tests, stand in one row; a fixture's rows stand together. */
function rowsOf(measured: (Subject & Difference)[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { fixture, backend, ...difference } of measured) {
    const key = `${fixture} on ${backend}`;
    const row = rows.get(key) ?? { subject: { fixture, backend }, cells: new Map<string, Difference>() };
    row.cells.set(difference.quantity, difference);
    rows.set(key, row);
  }
  const fixtures = [...new Set(measured.map(({ fixture }) => fixture))];
  return fixtures.flatMap((fixture) =>
    [...rows.values()].filter(({ subject }) => subject.fixture === fixture),
  );
}

/** A column's name, with its bound where that is the same in all rows. Of things that are equal or not, none may differ. */
function head(column: string, rows: Row[]): { text: string; shared: boolean } {
  const differences = rows.flatMap(({ cells }) => cells.get(column) ?? []);
  const bounds = new Set(differences.map(({ bound }) => bound));
  const shared = bounds.size === 1;
  if (differences.every(({ of }) => of !== undefined)) return { text: `${column} that differ`, shared };
  return { text: shared ? `${column} (≤ ${number([...bounds][0]!)})` : column, shared };
}

function cell(one: Difference | undefined, sharedBound: boolean): string {
  if (!one) return '–';
  const { difference, bound, of } = one;
  const value = of === undefined ? number(difference) : `${difference} of ${of}`;
  return [value, !sharedBound && `(≤ ${number(bound)})`, !isWithinBound(one) && '✗']
    .filter(Boolean)
    .join(' ');
}

const number = (x: number) => (x === 0 || x >= 0.01 ? String(Number(x.toPrecision(2))) : x.toExponential(1));
