import { flushSync, mount, unmount } from 'svelte';
import type { DrawnPicture } from '../../../harness/report-html.ts';
import type { Block } from '../../../harness/report.ts';
import { paintPicture } from '../../charts/picture/paint.ts';
import ReportBlock from './ReportBlock.svelte';

/** Kinds that are pictures; the rest are words. */
const DRAWN: ReadonlySet<Block['kind']> = new Set([
  'intervals',
  'curve',
  'bars',
  'scatter',
  'matrix',
  'ranks',
]);

/** As wide as a page of paper, in CSS pixels. */
const WIDTH = 720;

/** The pictures of a report, by the place of their block, drawn beside the page where nobody sees them. */
export async function drawnBlocks(blocks: readonly Block[]): Promise<Map<number, DrawnPicture>> {
  const pictures = new Map<number, DrawnPicture>();
  for (const [i, block] of blocks.entries()) if (DRAWN.has(block.kind)) pictures.set(i, await drawn(block));
  return pictures;
}

async function drawn(block: Block): Promise<DrawnPicture> {
  const host = document.createElement('div');
  host.inert = true;
  Object.assign(host.style, {
    position: 'fixed',
    left: '-10000px',
    top: '0',
    width: `${WIDTH}px`,
    fontSize: '15px',
  });
  document.body.append(host);
  const shown = mount(ReportBlock, { target: host, props: { block } });
  try {
    flushSync();
    await laidOut(host);
    // The report has it as a heading.
    for (const one of host.querySelectorAll<HTMLElement>('figcaption, caption, [data-not-in-picture]'))
      one.style.display = 'none';
    return { light: painted(host, block, 'light'), dark: painted(host, block, 'dark') };
  } finally {
    await unmount(shown);
    host.remove();
  }
}

/** Charts are drawn when their width was measured. */
async function laidOut(host: HTMLElement): Promise<void> {
  for (let frame = 0; frame < 60; frame++) {
    await new Promise((resolve) => setTimeout(resolve, 16));
    const canvas = host.querySelector('.canvas');
    if (!canvas || canvas.querySelector('svg')) return;
  }
}

function painted(host: HTMLElement, block: Block, scheme: 'light' | 'dark') {
  const title = 'title' in block ? block.title : '';
  const summary = host.querySelector('[aria-label]')?.getAttribute('aria-label') ?? title;
  const picture = paintPicture(host, { title, summary }, scheme);
  return { markup: new XMLSerializer().serializeToString(picture) };
}
