/** One of the formats in which something can be saved. */
export interface SaveFormat {
  /** "PNG" */
  name: string;
  /** With its ending. */
  fileName: string;
  /** Made when it is chosen. */
  make: () => Promise<Blob>;
}

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

/** What a file is called after its title: letters, digits and hyphens, which every system takes. */
export function fileNameOf(title: string): string {
  const plain = title.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  const name = plain.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60).replace(/^-+|-+$/g, ''); // prettier-ignore
  return name || 'judge-playground';
}
