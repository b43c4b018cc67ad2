import { WeightFileError } from './weight-source.ts';

/**
 * Bytes `begin` to `end` of a file on disk or in memory.
 * @throws WeightFileError when they can no longer be had: a File is a reference, and the disk may have changed
 */
export async function readBytes(file: Blob, begin: number, end: number): Promise<ArrayBuffer> {
  const bytes = await file
    .slice(begin, end)
    .arrayBuffer()
    .catch((cause: unknown) => {
      throw new WeightFileError('The model file was moved or changed since it was opened: open it again.', {
        cause,
      });
    });
  if (bytes.byteLength !== end - begin)
    throw new WeightFileError(`The model file ends ${end - begin - bytes.byteLength} bytes too early.`);
  return bytes;
}
