import { isSharedLink, parseRoute, routeTo, routeToLab, type Place, type Route } from './route.ts';

export { PLACES, PLACE_NAMES, routeTo, routeToLab, type Place, type Route } from './route.ts';

/**
 * The page's place, kept in the URL's hash: Back, Forward and reload work by themselves, and any static host
 * serves it. Links are ordinary `<a href={routeTo(…)}>`; code navigates with `go`.
 */
class Router {
  #route = $state.raw<Route>(parseRoute(''));
  /** What somebody shared, where this place was come to by a link. */
  #link = $state<string | null>(null);

  constructor() {
    if (!globalThis.location) return;
    this.#arrive();
    globalThis.addEventListener('hashchange', () => this.#arrive());
    // Between two shared experiments the hash stays the same.
    globalThis.addEventListener('popstate', () => this.#arrive());
  }

  get route(): Route {
    return this.#route;
  }

  get link(): string | null {
    return this.#link;
  }

  /** A shared experiment moves from the address into the history's state, where a reload finds it. */
  #arrive(): void {
    if (isSharedLink(location.hash)) {
      const state = { ...(history.state as object | null), link: location.hash };
      history.replaceState(state, '', routeTo('shared'));
    }
    const { link } = (history.state ?? {}) as { link?: unknown };
    this.#link = typeof link === 'string' ? link : null;
    this.#route = parseRoute(location.hash);
  }

  /** To an experiment that somebody shared. */
  goShared(link: string): void {
    history.pushState({ link }, '', routeTo('shared'));
    this.#arrive();
  }

  go(place: Place, run?: string, round?: number): void {
    location.hash = routeTo(place, run, round);
  }

  /** Keeps a lab's settings in its address, without a step in the history. */
  replaceLab(lab: string, changes: Readonly<Record<string, string>>): void {
    history.replaceState(history.state, '', routeToLab(lab, changes));
    this.#route = parseRoute(location.hash);
  }

  /** As `go`, without a step in the history (for corrections such as a run that no longer exists). */
  replace(place: Place, run?: string, round?: number): void {
    history.replaceState(history.state, '', routeTo(place, run, round));
    this.#route = parseRoute(location.hash);
  }
}

export const router = new Router();
