import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const DOCUMENT = 'docs/reliability.md';
const KINDS = ['real', 'injected', 'by hand'];

interface Row {
  fault: string;
  promise: string;
  /** `path: title`, each of them; none where a person does it by hand. */
  proofs: { path: string; title: string }[];
  kind: string;
}

/** The rows of every table of the document. */
function rows(): Row[] {
  const lines = readFileSync(DOCUMENT, 'utf8').split('\n').filter((line) => line.startsWith('|')); // prettier-ignore
  const cells = lines.map((line) => line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim())); // prettier-ignore
  const bodies = cells.filter(([first = '']) => first !== 'fault' && !/^:?-+:?$/.test(first));
  return bodies.map(([fault = '', promise = '', proof = '', kind = '']) => ({
    fault,
    promise,
    proofs: [...proof.matchAll(/`([^`]+)`: “([^”]+)”/g)].map(([, path = '', title = '']) => ({
      path,
      title,
    })),
    kind,
  }));
}

/** Titles of the tests of a file as they are written there, parameters included. */
function titlesOf(path: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
  return titles;
}

/** `test`, `test.each(…)`, `test.runIf(…).each(…)` */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'test' || callee.text === 'it';
  return (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) && isTest(callee.expression);
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether the title is one that this template makes, with parameters that stand beside the test in words. */
function isMadeBy(template: string, title: string, sources: string): boolean {
  const parts = template.split(/\$[\w.]+|%[sdif]/);
  const match = new RegExp(`^${parts.map(escaped).join('(.+)')}$`).exec(title);
  return match?.slice(1).every((parameter) => sources.includes(parameter)) ?? false;
}

function sourcesBeside(path: string): string {
  const folder = dirname(path);
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  return files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
}

test('the document has rows, each with a fault, a promise and how it is proved', () => {
  expect(rows().length).toBeGreaterThan(20);
  for (const row of rows()) {
    expect(row.fault, 'a fault without a name').not.toBe('');
    expect(row.promise, row.fault).not.toBe('');
    expect(KINDS, row.fault).toContain(row.kind);
    if (row.kind !== 'by hand') expect(row.proofs.length, row.fault).toBeGreaterThan(0);
  }
});

test('every test that the document names exists', () => {
  const missing = rows().flatMap(({ proofs }) =>
    proofs
      .filter(({ path, title }) => {
        if (!existsSync(path)) return true;
        const sources = sourcesBeside(path);
        return !titlesOf(path).some((template) => isMadeBy(template, title, sources));
      })
      .map(({ path, title }) => `${path}: ${title}`),
  );
  expect(missing).toEqual([]);
});
