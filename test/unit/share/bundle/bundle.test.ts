import { expect, test } from 'vitest';
import { Bundle } from '../../../../src/share/bundle/read-bundle.ts';
import { PROJECT, RECORDS } from './records.ts';
import { readWhole, writeWhole } from './whole-bundle.ts';

const file = () => writeWhole({ project: PROJECT, made: 5, records: RECORDS });

test('what a bundle holds is what was written, to the last bit', async () => {
  const whole = await readWhole(await file());
  expect(whole.project).toEqual(PROJECT);
  for (const [store, records] of Object.entries(RECORDS)) {
    const bytes = records.map(async (record) =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(record as object).map(async ([key, value]: [string, unknown]) => [
            key,
            value instanceof Blob ? new Uint8Array(await value.arrayBuffer()) : value,
          ]),
        ),
      ),
    );
    expect(whole.records[store as keyof typeof RECORDS], store).toEqual(await Promise.all(bytes));
  }
});

test('it opens by reading its manifest alone', async () => {
  const bundle = await Bundle.open(await file());
  expect(bundle.manifest).toMatchObject({ appVersion: '0.1.0', made: 5, project: { name: PROJECT.name } });
  expect(bundle.files.length).toBe(3);
  await bundle.close();
});
