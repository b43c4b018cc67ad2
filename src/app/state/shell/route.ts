export const PLACES = ['start', 'judge', 'data', 'improve', 'compare'] as const;
export type Place = (typeof PLACES)[number];

/** Where the reader is. `run` and `round` are filled in Improve only; `round` 0 is the seed judge. */
export interface Route {
  place: Place;
  run: string | null;
  round: number | null;
}

/** `#/improve/calm-otter/1` → { place: 'improve', run: 'calm-otter', round: 1 }. Unknown places read as Start. */
export function parseRoute(hash: string): Route {
  const [head = '', run, round] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode);
  const place = PLACES.find((name) => name === head) ?? 'start';
  if (place !== 'improve') return { place, run: null, round: null };
  return { place, run: run || null, round: round && /^\d+$/.test(round) ? Number(round) : null };
}

/** The hash of a place, for `href`s: `routeTo('improve', 'calm-otter', 1)`. */
export function routeTo(place: Place, run?: string, round?: number): string {
  if (place === 'start') return '#/';
  const parts = [place, run === undefined ? null : encodeURIComponent(run), round ?? null];
  return `#/${parts.filter((part) => part !== null).join('/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
