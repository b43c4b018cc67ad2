export const PLACES = ['start', 'judge', 'data', 'improve', 'labs', 'compare'] as const;
/** `shared` is a place to come to by a link; the others are in the navigation. */
export type Place = (typeof PLACES)[number] | 'shared';

export const PLACE_NAMES: Readonly<Record<Place, string>> = {
  start: 'Start',
  judge: 'Judge',
  data: 'Data',
  improve: 'Improve',
  labs: 'Labs',
  compare: 'Compare',
  shared: 'Shared',
};

/**
 * Where the reader is. `run` and `round` are filled in Improve only (`round` 0 is the seed judge), `lab` and its settings
 * in Labs only.
 */
export interface Route {
  place: Place;
  run: string | null;
  round: number | null;
  lab: string | null;
  /** Settings of the lab that differ from their defaults, as texts. */
  settings: Readonly<Record<string, string>>;
}

/** `#/improve/calm-otter/1` → { place: 'improve', run: 'calm-otter', round: 1 }. Unknown places read as Start. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [head = '', second, third] = path.split('/').map(decode);
  const place = [...PLACES, 'shared' as const].find((name) => name === head) ?? 'start';
  const nowhere = { place, run: null, round: null, lab: null, settings: {} };
  if (place === 'labs')
    return { ...nowhere, lab: second || null, settings: Object.fromEntries(new URLSearchParams(query)) };
  if (place !== 'improve') return nowhere;
  return { ...nowhere, run: second || null, round: third && /^\d+$/.test(third) ? Number(third) : null };
}

/** The hash of a place, for `href`s: `routeTo('improve', 'calm-otter', 1)`. */
export function routeTo(place: Place, run?: string, round?: number): string {
  if (place === 'start') return '#/';
  const parts = [place, run === undefined ? null : encodeURIComponent(run), round ?? null];
  return `#/${parts.filter((part) => part !== null).join('/')}`;
}

/** The address of a lab, with the settings that differ from their defaults. */
export function routeToLab(lab: string, changes: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(changes).toString();
  return `#/labs/${encodeURIComponent(lab)}${query && `?${query}`}`;
}

/** Whether an address's hash is an experiment that somebody shared (`src/share`), whole or not. */
export const isSharedLink = (hash: string): boolean => /^#v\d/.test(hash);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
