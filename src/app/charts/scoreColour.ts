/** How a score stands to its label. `unknown`: no label; `failure`: the text held no score. */
export type Standing = 'right' | 'high' | 'low' | 'unknown' | 'failure';

export function standing(score: number | null, label: number | null | undefined): Standing {
  if (score === null) return 'failure';
  if (label === null || label === undefined) return 'unknown';
  return score === label ? 'right' : score > label ? 'high' : 'low';
}

/** "4, one too high" — the words beside the colour. */
export function describeStanding(score: number | null, label: number | null | undefined): string {
  if (score === null) return 'no readable score';
  if (label === null || label === undefined) return `${score}`;
  if (score === label) return `${score}, right`;
  const distance = ['', 'one', 'two', 'three', 'four'][Math.abs(score - label)] ?? Math.abs(score - label);
  return `${score}, ${distance} too ${score > label ? 'high' : 'low'}`;
}
