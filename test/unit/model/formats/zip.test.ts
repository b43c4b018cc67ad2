import { readFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readZip, writeZip, ZipError } from '../../../../src/model/formats/zip.ts';

const fixture = new Blob([readFileSync('test/fixtures/zip/deflated.zip')]);
const COMMENT = 'made by Python';
const MB = 1 << 20;

const bytesOf = async (file: Blob | undefined) => new Uint8Array(await file!.arrayBuffer());

/** An archive of one deflated file, which claims to unpack to `claimed` bytes. */
async function deflated(content: Uint8Array<ArrayBuffer>, claimed: number): Promise<Blob> {
  const packed = deflateRawSync(content);
  const archive = await bytesOf(await writeZip(new Map([['a', new Blob([packed])]])));
  const view = new DataView(archive.buffer);
  const directory = view.getUint32(archive.length - 6, true);
  for (const at of [8, directory + 10]) view.setUint16(at, 8, true);
  for (const at of [14, directory + 16]) view.setUint32(at, crc32(content), true);
  for (const at of [22, directory + 24]) view.setUint32(at, claimed, true);
  return new Blob([archive]);
}

describe('ZIP archives', () => {
  test('are read as Python writes them', async () => {
    const files = await readZip(fixture);
    expect([...files.keys()]).toEqual([
      'adapter/adapter_config.json',
      'adapter/größe.txt',
      'adapter/stored.bin',
    ]);
    expect(await files.get('adapter/adapter_config.json')!.text()).toBe(
      '{"peft_type": "LORA"}\n'.repeat(100),
    );
    expect(files.get('adapter/größe.txt')!.size).toBe(0);
    expect(await bytesOf(files.get('adapter/stored.bin'))).toEqual(
      Uint8Array.from({ length: 256 }, (_, i) => i),
    );
  });

  test('come back as they were written, and the same files make the same archive', async () => {
    const path = fc.stringMatching(/^[a-z0-9äß😀 _]{1,12}(\/[a-zäß😀 _]{1,12})?(\.[a-z]{1,5})?$/u);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(path, fc.uint8Array({ maxLength: 300 })), async (given) => {
        const files = new Map(
          Object.entries(given).map(([name, bytes]) => [name, new Blob([bytes as BlobPart])]),
        );
        const archive = await writeZip(files);
        expect(await bytesOf(await writeZip(files))).toEqual(await bytesOf(archive));
        const read = await readZip(archive);
        expect([...read.keys()]).toEqual([...files.keys()]);
        for (const [name, file] of files) expect(await bytesOf(read.get(name))).toEqual(await bytesOf(file));
      }),
      { numRuns: 50 },
    );
  });

  test('that are cut short are refused at every length', async () => {
    // Without its comment an archive is whole.
    for (let end = 0; end < fixture.size - COMMENT.length; end += 3)
      await expect(readZip(fixture.slice(0, end))).rejects.toThrow(ZipError);
  });

  test('with one bit flipped are refused, or hold nothing that was not in them', async () => {
    const original = await bytesOf(fixture);
    const contents = [...(await readZip(fixture)).values()].map((file) => file.text());
    const known = new Set([...(await Promise.all(contents)), 'resource fork']);
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length * 8 - 1), async (bit) => {
        const flipped = original.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const read = await readZip(new Blob([flipped])).catch((error: unknown) => {
          expect(error).toBeInstanceOf(ZipError);
          return new Map<string, Blob>();
        });
        for (const file of read.values()) expect(known).toContain(await file.text());
      }),
      { numRuns: 150 },
    );
  });

  test('made of anything are refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        await expect(readZip(new Blob([bytes as BlobPart]))).rejects.toThrow(ZipError);
      }),
    );
  });

  test('that unpack to more than they say, or say too much, are refused', async () => {
    await expect(readZip(await deflated(new Uint8Array(8 * MB), 1000))).rejects.toThrow(
      /"a" in the archive is damaged/,
    );
    await expect(readZip(await deflated(new Uint8Array(10), 4e9))).rejects.toThrow(/unpack it first/);
  });

  test('say in words what cannot be read', async () => {
    const archive = await bytesOf(await writeZip(new Map([['a', new Blob(['x'])]])));
    const directory = new DataView(archive.buffer).getUint32(archive.length - 6, true);
    const changed = (at: number, value: number) => {
      const copy = archive.slice();
      new DataView(copy.buffer).setUint16(directory + at, value, true);
      return readZip(new Blob([copy]));
    };
    await expect(changed(8, 1)).rejects.toThrow('"a" is encrypted');
    await expect(changed(10, 93)).rejects.toThrow('compressed in a way that browsers cannot read');
  });
});
