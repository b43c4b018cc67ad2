import { expect, test } from 'vitest';
import { BundleError } from '../../../../src/share/bundle/bundle-error.ts';
import { checkBundle } from '../../../../src/share/bundle/check-bundle.ts';
import { Bundle } from '../../../../src/share/bundle/read-bundle.ts';
import { files, manifestOf, packed, replaced, type Files } from './packed.ts';

async function check(file: Blob) {
  const bundle = await Bundle.open(file);
  try {
    return (await checkBundle(bundle)).contents;
  } finally {
    await bundle.close();
  }
}

/** The files with one of them changed. */
function changed(path: string, change: (text: string) => string | Blob): Files {
  const all = files();
  return all.set(path, change((all.get(path) as string | undefined) ?? ''));
}

async function refused(file: Blob | Promise<Blob>, why: RegExp): Promise<void> {
  const failure = await check(await file).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(BundleError);
  expect((failure as Error).message).toMatch(why);
}

test('as it is, it is taken', async () => {
  expect(await check(await packed(files()))).toMatchObject({ judgments: 3, runs: [{ name: 'calm otter' }] });
});

test('a folder around it is taken off, and what macOS adds is passed over', async () => {
  const around: Files = new Map([...files()].map(([path, content]) => [`essays/${path}`, content]));
  around.set('__MACOSX/x', 'x').set('essays/.DS_Store', 'x');
  const manifest = JSON.stringify(await manifestOf(files()));
  const file = await packed(around.set('essays/manifest.json', manifest), {});
  await refused(file, /manifest/);
  const { BlobReader, BlobWriter, ZipWriter } = await import('../../../../src/model/formats/zip-core.ts');
  const archive = new ZipWriter(new BlobWriter());
  for (const [path, content] of around) await archive.add(path, new BlobReader(new Blob([content])));
  expect(await check(await archive.close())).toMatchObject({ judgments: 3 });
});

test('what is no archive, or half of one, is refused', async () => {
  await refused(new Blob(['hello']), /no ZIP archive/);
  const whole = await packed(files());
  await refused(whole.slice(0, Math.floor(whole.size / 2)), /no ZIP archive/);
  await refused(packed(new Map(), { format: 'another' }), /not that of a project/);
});

test('a version to come is named', async () => {
  await refused(packed(files(), { ...(await manifestOf(files())), version: 2 }), /newer version/);
});

test('content that is not what the manifest says is refused, in size and in hash', async () => {
  const manifest = await manifestOf(files());
  await refused(
    packed(
      changed('steps.jsonl', (text) => `${text} `),
      manifest,
    ),
    /another size/,
  );
  await refused(
    packed(
      changed('steps.jsonl', (text) => text.replace('1', '2')),
      manifest,
    ),
    /damaged/,
  );
  const weights = changed('weights/1.bin', () => new Blob([new Uint8Array(1000)]));
  await refused(packed(weights, manifest), /weights\/1.bin.*damaged/);
});

test.each([
  '../evil.jsonl',
  '/etc/passwd',
  'weights/../x.bin',
  'weights/a.bin',
  'evil.js',
  'C:\\x',
  'weights/1.bin/x',
])('a path that no bundle has is refused: %s', async (path) => {
  await refused(packed(files().set(path, 'x\n')), /no project has|no ZIP archive/);
});

test('an entry that stands twice is refused', async () => {
  await refused(
    replaced(await packed(files().set('stepz.jsonl', 'x\n')), 'stepz.jsonl', 'steps.jsonl'),
    /twice|no ZIP|name each/,
  );
});

test('a bomb is refused before it is unpacked', async () => {
  const bomb = packed(changed('steps.jsonl', () => `{"a":"${'0'.repeat(30e6)}"}\n`));
  const file = await bomb;
  expect(file.size).toBeLessThan(100_000);
  await expect(Bundle.open(file)).rejects.toThrow(/300 times/);
});

test('an entry that unpacks to more than it announces ends there', async () => {
  const all = changed('steps.jsonl', () => '7'.repeat(900_000));
  const manifest = await manifestOf(all);
  for (const entry of manifest['entries'] as { path: string; bytes: number }[])
    if (entry.path === 'steps.jsonl') entry.bytes = 12;
  const bytes = Buffer.from(await (await packed(all, manifest)).arrayBuffer());
  const size = Buffer.alloc(4);
  size.writeUInt32LE(900_000);
  const small = Buffer.alloc(4);
  small.writeUInt32LE(12);
  let patched = 0;
  for (let at = bytes.indexOf(size); at !== -1; at = bytes.indexOf(size, at + 4))
    patched += small.copy(bytes, at);
  expect(patched).toBeGreaterThan(0);
  await refused(new Blob([bytes]), /damaged/);
});

test.each([
  [
    'a key of the prototype',
    (text: string) => text.replace('"metrics":{', '"metrics":{"__proto__":{"a":1},'),
    /__proto__/,
  ],
  ['a key twice', (text: string) => text.replace('"step":1', '"step":1,"step":2'), /twice/],
  [
    'depth',
    (text: string) => text.replace('"metrics":{', `"metrics":{"a":${'['.repeat(500)}${']'.repeat(500)},`),
    /deep/,
  ],
  ['a record twice', (text: string) => text + text, /repeats/],
  ['a missing part', (text: string) => text.replace('"step":1', '"stop":1'), /"step"/],
  ['half a line', (text: string) => text + text.slice(0, 20), /cut off/],
  ['a run that is not there', (text: string) => text.replace('"run"', '"ruin"'), /a run that is not in it/],
])('records with %s are refused', async (_, change, why) => {
  await refused(packed(changed('steps.jsonl', change)), why);
});

test('records that do not belong together are refused', async () => {
  await refused(
    packed(changed('runs.jsonl', (text) => text.replace('"project"', '"other"'))),
    /another project/,
  );
  await refused(packed(changed('items.jsonl', () => '')), /as many items/);
  await refused(
    packed(changed('judgments.jsonl', (text) => text.replace('/b/0"', '/c/0"'))),
    /not what its name/,
  );
  await refused(
    packed(changed('policies.jsonl', (text) => text.replace('weights/1', 'weights/2'))),
    /Weights/,
  );
  await refused(packed(changed('policies.jsonl', () => '')), /nothing in it names/);
  const forged = changed('policies.jsonl', (text) => text.replace('"trained"', '"0123456789abcdef"'));
  await refused(packed(forged), /trained judge/);
  await refused(packed(changed('tokens.jsonl', (text) => text.replace('greedy/', 'elses/'))), /of a kind/);
});
