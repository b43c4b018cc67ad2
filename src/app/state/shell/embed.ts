import type { Place, Route } from './route.ts';

/** What `?embed=` can show: `judge`, `improve`, `lab/<id>`. */
export interface Embed {
  place: Extract<Place, 'judge' | 'improve' | 'labs'>;
  lab: string | null;
}

/** @param search of the address, `?embed=lab/mt-bench` @returns null where nothing, or nothing that there is, is asked for */
export function parseEmbed(search: string): Embed | null {
  const asked = new URLSearchParams(search).get('embed');
  if (asked === 'judge' || asked === 'improve') return { place: asked, lab: null };
  const [, lab] = /^lab\/([a-z][a-z-]{0,40})$/.exec(asked ?? '') ?? [];
  return lab === undefined ? null : { place: 'labs', lab };
}

/** The query that asks for it. */
export const embedQuery = ({ place, lab }: Embed): string => `?embed=${lab === null ? place : `lab/${lab}`}`;

/** A part of this page within a page of somebody else's; null: the page itself. */
export const embed: Embed | null = parseEmbed(globalThis.location?.search ?? '');

/** Whether another page holds this one in a frame: its reader may not know whose buttons they press. */
export const isFramed = globalThis.self !== globalThis.top;

/** Whether a route leads out of what is embedded, to the page itself. */
export function leavesEmbed({ place, lab }: Pick<Route, 'place' | 'lab'>, shown: Embed): boolean {
  return place !== shown.place || (shown.place === 'labs' && lab !== shown.lab);
}

/** The place of the page itself, without what asks for a frame. */
export const fullAddress = (hash: string): string => location.href.replace(/[?#].*/s, '') + hash;
