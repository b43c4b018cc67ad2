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

/**
 * The page's place, kept in the URL's hash: Back, Forward and reload work by themselves, and any static host
 * serves it. Links are ordinary `<a href={routeTo(…)}>`; code navigates with `go`.
 */
class Router {
  #route = $state.raw<Route>(parseRoute(globalThis.location?.hash ?? ''));

  constructor() {
    globalThis.addEventListener?.('hashchange', () => {
      this.#route = parseRoute(location.hash);
    });
  }

  get route(): Route {
    return this.#route;
  }

  go(place: Place, run?: string, round?: number): void {
    location.hash = routeTo(place, run, round);
  }

  /** As `go`, without a step in the history (for corrections such as a run that no longer exists). */
  replace(place: Place, run?: string, round?: number): void {
    history.replaceState(history.state, '', routeTo(place, run, round));
    this.#route = parseRoute(location.hash);
  }
}

export const router = new Router();
