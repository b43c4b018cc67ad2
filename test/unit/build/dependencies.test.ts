import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Versions = Record<string, string>;
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

const { dependencies, devDependencies } = read('package.json') as Record<string, Versions>;
const versions: Versions = { ...dependencies, ...devDependencies };
const names = Object.keys(versions);
const lock = read('package-lock.json') as { packages: Record<string, { version: string; license?: string }> };

/** Rows of the document's tables that begin with names of packages: each package, its licence and what it is for. */
const rows = new Map(
  readFileSync('docs/dependencies.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => {
      const [, packages = '', licence = '', reason = ''] = line.split('|').map((cell) => cell.trim());
      return packages.split(', ').map((name) => [name.replaceAll('`', ''), { licence, reason }] as const);
    }),
);

/** Licences that let everybody use, change and pass on, and ask for a notice at most. */
const PERMISSIVE = ['Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT', 'OFL-1.1'];
/** For tools that are run as they are and never passed on: it asks for the source of what was changed in them. */
const FOR_TOOLS = [...PERMISSIVE, 'MPL-2.0'];

test.each(names)(
  '%s is pinned, installed as pinned, and stands in the document with licence and reason',
  (name) => {
    expect(versions[name]).toMatch(/^\d+\.\d+\.\d+$/);
    expect(lock.packages[`node_modules/${name}`]?.version).toBe(versions[name]);
    const installed = read(`node_modules/${name}/package.json`);
    expect(installed['version']).toBe(versions[name]);
    expect(name in dependencies! ? PERMISSIVE : FOR_TOOLS).toContain(installed['license']);
    const row = rows.get(name);
    expect(row?.licence).toBe(installed['license']);
    expect(row?.reason).toMatch(/\w+ \w+/);
  },
);

test('the document names nothing else', () => {
  expect([...rows.keys()].filter((name) => !names.includes(name))).toEqual([]);
});
