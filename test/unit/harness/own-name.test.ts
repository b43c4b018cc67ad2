import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderAbove, nameIn, ownName } from '../../../src/harness/own-name.ts';
import { newId } from '../../../src/harness/new-id.ts';

test('names stay as they are at the root, and take the folder below it', () => {
  expect(ownName('judge-playground')).toBe('judge-playground');
  expect(nameIn('/', 'judge-playground')).toBe('judge-playground');
  expect(nameIn('/a/b/', 'judge-playground')).toBe('judge-playground/a/b/');
});

test.each([
  ['https://host/assets/index-x.js', '/'],
  ['https://host/a/b/assets/index-x.js', '/a/b/'],
  ['https://host/a/b/workers/engine.worker-x.js', '/a/b/'],
  ['https://host/a%20b/assets/x.js?v=1', '/a%20b/'],
])('a script at %s belongs to the page in %s', (script, folder) => {
  expect(folderAbove(script)).toBe(folder);
});

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name))
    .map((name) => join(folder, name));

test('no other place makes a name of its own', () => {
  const bare =
    /(?<!(ownName|nameIn)\(.*)['`]judge-playground[.'`]|new BroadcastChannel\((?!ownName)|crypto\.randomUUID/;
  const found = ['src', 'workers'].flatMap(files).filter((file) => bare.test(readFileSync(file, 'utf8')));
  // What a file is called when nothing better is known is no name on the origin.
  expect(found).toEqual(['src/app/components/saveFile.ts']);
});

test('ids are random UUIDs of version 4', () => {
  const ids = Array.from({ length: 200 }, newId);
  expect(new Set(ids).size).toBe(200);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
