import { parseRoute, routeTo, routeToLab, type Place, type Route } from './route.ts';

export { PLACES, routeTo, routeToLab, type Place, type Route } from './route.ts';

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
