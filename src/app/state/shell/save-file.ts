/** Long enough for a browser to ask where to put the file. */
const KEEP_MS = 10 * 60_000;

/** Hands a file to the reader as a download, which every browser can do. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
