/**
 * The chunks of a stream as they arrive; leaving the loop cancels the stream. `for await` over the stream itself is the same
 * where it exists, but Safari's streams cannot be iterated (webkit.org/b/194379).
 * @throws what the stream fails with
 */
export async function* chunksOf<Chunk>(stream: ReadableStream<Chunk>): AsyncGenerator<Chunk, void> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}
