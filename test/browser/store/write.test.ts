import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Connection } from '../../../src/store/connection.ts';
import { write } from '../../../src/store/write.ts';

const name = 'test of writing';
let connection: Connection;
beforeEach(async () => {
  connection = await Connection.open({ name });
});
afterEach(async () => {
  connection.close();
  await deleteDB(name);
});

const COUNT = 3000;
const sum = (index: number) => ({ policy: 'p', judgmentId: String(index), sum: index });
const stored = () => connection.use((database) => database.count('references'));

test('a long write is one transaction that never has all its requests under way', async () => {
  let issued = 0;
  let done = 0;
  let most = 0;
  await write(connection, ['references'], function* (transaction) {
    const store = transaction.objectStore('references');
    for (; issued < COUNT; issued++) {
      most = Math.max(most, issued - done);
      yield store.put(sum(issued)).then(() => done++);
    }
  });
  expect(done).toBe(COUNT);
  expect(most).toBeLessThan(COUNT / 2);
  expect(await stored()).toBe(COUNT);
});

test('a value that cannot be stored, and a request that fails, take all of it back wherever they come', async () => {
  const cloned = write(connection, ['references'], function* (transaction) {
    const store = transaction.objectStore('references');
    for (let index = 0; index < COUNT; index++) yield store.put(sum(index));
    yield store.put({ ...sum(0), sum: (() => 0) as never });
  });
  await expect(cloned).rejects.toThrow(/could not be cloned/);
  const doubled = write(connection, ['references'], function* (transaction) {
    const store = transaction.objectStore('references');
    for (let index = 0; index < COUNT; index++) yield store.add(sum(index === 700 ? 0 : index));
  });
  await expect(doubled).rejects.toThrow(/already exists/);
  expect(await stored()).toBe(0);
});
