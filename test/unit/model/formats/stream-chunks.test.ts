import { expect, test } from 'vitest';
import { chunksOf } from '../../../../src/model/formats/stream-chunks.ts';

/** A stream as Safari has it, of these chunks; then it fails, where an error is given. */
function streamOf(chunks: string[], { error, onCancel }: { error?: Error; onCancel?: () => void } = {}) {
  const stream = new ReadableStream<string>({
    pull(controller) {
      const next = chunks.shift();
      if (next !== undefined) controller.enqueue(next);
      else if (error) controller.error(error);
      else controller.close();
    },
    ...(onCancel ? { cancel: onCancel } : {}),
  });
  return Object.defineProperties(stream, {
    [Symbol.asyncIterator]: { value: undefined },
    values: { value: undefined },
  });
}

test('the chunks of a stream that cannot be iterated come in order, and end', async () => {
  const seen: string[] = [];
  for await (const chunk of chunksOf(streamOf(['a', 'b', 'c']))) seen.push(chunk);
  expect(seen).toEqual(['a', 'b', 'c']);
});

test('what the stream fails with is thrown, after the chunks before it', async () => {
  const error = new TypeError('network');
  const seen: string[] = [];
  const reading = (async () => {
    for await (const chunk of chunksOf(streamOf(['a'], { error }))) seen.push(chunk);
  })();
  await expect(reading).rejects.toBe(error);
  expect(seen).toEqual(['a']);
});

test('a loop that is left cancels the stream, so that nothing more is fetched', async () => {
  let cancelled = false;
  for await (const _chunk of chunksOf(streamOf(['a', 'b'], { onCancel: () => (cancelled = true) }))) break;
  expect(cancelled).toBe(true);
});
