import { routeTo } from '../shell/router.svelte.ts';

export const PANELS = ['rationales', 'pairs', 'train', 'results'] as const;
export type PanelName = (typeof PANELS)[number];

/** The fourth part of `#/improve/<run>/<round>/<panel>`; the first panel where the hash names none. */
export function panelOf(hash: string): PanelName {
  const name = hash.replace(/^#?\/?/, '').split('/')[3];
  return PANELS.find((panel) => panel === name) ?? 'rationales';
}

/** Which of the round's four panels is open. It stands in the hash, so Back and reload keep it. */
class Panel {
  name = $state<PanelName>(panelOf(globalThis.location?.hash ?? ''));

  constructor() {
    globalThis.addEventListener?.('hashchange', () => (this.name = panelOf(location.hash)));
  }

  /** The address of a round, with the panel that is open now. */
  address(run: string, round: number): string {
    return `${routeTo('improve', run, round)}/${this.name}`;
  }

  /** Opens a panel of the round that is on show. */
  open(name: PanelName): void {
    const [place = 'improve', run = '', round = '1'] = location.hash.replace(/^#?\/?/, '').split('/');
    this.name = name;
    if (run) location.hash = `#/${place}/${run}/${round}/${name}`;
  }
}

export const panel = new Panel();
