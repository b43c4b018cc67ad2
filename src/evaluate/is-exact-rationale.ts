/** Equal but for white space at the ends and its amount in between. */
export function isExactRationale(written: string, truth: string): boolean {
  return normalise(written) === normalise(truth);
}

function normalise(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
