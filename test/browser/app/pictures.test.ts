import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import '@fontsource-variable/inter/wght.css';
import '../../../src/app/theme.css';
import '../../../src/app/theme-base.css';
import { paintPicture, pngFile, svgFile } from '../../../src/app/charts/picture/picture.ts';
import { drawnBlocks } from '../../../src/app/widgets/blocks/drawnBlocks.ts';
import ReportBlock from '../../../src/app/widgets/blocks/ReportBlock.svelte';
import { reportHtml } from '../../../src/harness/report-html.ts';
import type { Block } from '../../../src/harness/report.ts';
import { SAMPLE_BLOCKS } from './sample-blocks.ts';

const PICTURES = ['intervals', 'curve', 'bars', 'scatter', 'matrix', 'ranks'] as const;
const WORDS = { title: 'A <title> & more', summary: 'What it shows.' };

let host: HTMLElement;
let shown: object | undefined;

beforeEach(() => {
  host = document.createElement('div');
  host.style.width = '640px';
  document.body.append(host);
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = undefined;
  host.remove();
  delete document.documentElement.dataset['theme'];
});

async function show(block: Block): Promise<void> {
  shown = mount(ReportBlock, { target: host, props: { block } });
  if (host.querySelector('.canvas'))
    await vi.waitFor(() => expect(host.querySelector('svg[role]')).not.toBeNull());
  flushSync();
}

const paint = () => new XMLSerializer().serializeToString(paintPicture(host, WORDS));
/** Gradients are numbered through the life of a page. */
const unnumbered = (text: string) => text.replace(/\bp\d+-/g, 'p-');

/** Words that are seen: not those for screen readers, nor those of buttons that a picture leaves out. */
function wordsSeen(root: ParentNode): string[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const words: string[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const hidden = node.parentElement?.closest('.visually-hidden, [data-not-in-picture], title, desc');
    const seen = node.parentElement?.checkVisibility() ?? true;
    if (!hidden && seen) words.push(...(node.nodeValue ?? '').split(/\s+/).filter((word) => word !== ''));
  }
  return words.sort();
}

describe.each(PICTURES)('a picture of %s', (kind) => {
  test('stands alone: no style, no reference, nothing that runs', async () => {
    await show(SAMPLE_BLOCKS[kind]);
    const text = paint();
    expect(new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')).toBeNull();
    expect(text).not.toMatch(
      /<script|<foreignObject|<style|<image|<a[ >]|class=|style="(?!font-variant-numeric: [a-z -]+;")|href|\son\w+=/i,
    );
    expect(text).not.toMatch(/var\(|color-mix|light-dark|url\((?!#)/);
    expect(text).toMatch(/^<svg [^>]*role="img"[^>]*><title>A &lt;title&gt; &amp; more<\/title><desc>What it shows\./); // prettier-ignore
  });

  test('has every word that is seen on the page', async () => {
    await show(SAMPLE_BLOCKS[kind]);
    const picture = paintPicture(host, WORDS);
    const there = [...picture.querySelectorAll('text')].map((one) => one.textContent).join('').replace(/\s/g, ''); // prettier-ignore
    const letters = (text: string) => Array.from(text).sort().join('');
    expect(letters(there)).toBe(letters(wordsSeen(host).join('')));
  });

  test('is the same light one on a dark page', async () => {
    await show(SAMPLE_BLOCKS[kind]);
    const light = unnumbered(paint());
    document.documentElement.dataset['theme'] = 'dark';
    expect(unnumbered(paint())).toBe(light);
    const dark = new XMLSerializer().serializeToString(paintPicture(host, WORDS, 'dark'));
    expect(unnumbered(dark)).not.toBe(light);
    expect([host.dataset['scheme'], host.style.color]).toEqual([undefined, '']);
  });

  test('looks like what is on the page', async () => {
    await show(SAMPLE_BLOCKS[kind]);
    const picture = paintPicture(host, WORDS);
    const png = await createImageBitmap(await pngFile(picture));
    expect([png.width, png.height]).toEqual(['width', 'height'].map((name) => 2 * Number(picture.getAttribute(name)))); // prettier-ignore
    expect(png.width).toBeGreaterThanOrEqual(2 * 640);
    const colours = coloursOf(png);
    expect(colours.size).toBeGreaterThan(20);
    // White paper, and the first series in the accent of the light theme.
    expect(colours.get('255,255,255') ?? 0).toBeGreaterThan((png.width * png.height) / 4);
  });
});

function coloursOf(image: ImageBitmap): Map<string, number> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const counts = new Map<string, number>();
  for (let i = 0; i < data.length; i += 4) {
    const colour = `${data[i]},${data[i + 1]},${data[i + 2]}`;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

test('a text that its element has no room for ends where it is cut', () => {
  const name = document.createElement('p');
  name.textContent = 'Write a sentence with boot, dog and dress. 1111';
  Object.assign(name.style, { width: '120px', overflow: 'hidden', whiteSpace: 'nowrap' });
  host.append(name);
  const written = paintPicture(host, WORDS).querySelector('text')!;
  expect(written.textContent).toMatch(/^Write a [a-z ]*…$/);
  expect(Number(written.getAttribute('textLength'))).toBeLessThanOrEqual(121);
});

test('figures that are as wide as each other stay so', () => {
  const count = document.createElement('p');
  count.textContent = '111';
  count.style.fontVariantNumeric = 'tabular-nums';
  host.append(count);
  const svg = new XMLSerializer().serializeToString(paintPicture(host, WORDS));
  expect(svg).toContain('style="font-variant-numeric: tabular-nums;"');
});

test('the file has the page’s typeface in it', async () => {
  await show(SAMPLE_BLOCKS.bars);
  const text = await (await svgFile(paintPicture(host, WORDS))).text();
  expect(text).toContain('@font-face{font-family:"Inter Variable"');
  expect(text).toMatch(/url\(data:font\/woff2;base64,d09GMg/);
});

test('the menu is reached by keys, says what it saves, and Escape gives the focus back', async () => {
  await show(SAMPLE_BLOCKS.bars);
  const opener = [...host.querySelectorAll('button')].find((one) =>
    one.textContent.trim().startsWith('save'),
  )!;
  opener.focus();
  await userEvent.keyboard('{Enter}');
  const group = host.querySelector(`[role=group][aria-label="Save ${SAMPLE_BLOCKS.bars.title} as"]`)!;
  expect([...group.querySelectorAll('button')].map((one) => one.firstChild?.nodeValue)).toEqual(['SVG', 'PNG', 'CSV', 'JSONL']); // prettier-ignore
  expect(opener.getAttribute('aria-expanded')).toBe('true');
  group.querySelector('button')?.focus();
  await userEvent.keyboard('{Escape}');
  expect(opener.getAttribute('aria-expanded')).toBe('false');
  expect(document.activeElement).toBe(opener);
});

test('a report has its pictures in both themes, and a script in a rationale is text', async () => {
  const script = '<script>alert(1)</script><img src=x onerror=alert(1)>';
  const hostile = { title: script, facts: [[script, script]], texts: [['rationale', script]] } as const;
  const blocks: Block[] = [
    ...Object.values(SAMPLE_BLOCKS),
    { ...SAMPLE_BLOCKS.bars, series: [script, script] },
    { kind: 'exhibits', title: script, exhibits: [hostile] },
  ];
  const pictures = await drawnBlocks(blocks);
  expect(pictures.size).toBe(PICTURES.length + 1);
  const words = { title: 'A report', about: script, says: script, facts: [], settings: [] };
  const report = new DOMParser().parseFromString(reportHtml(words, blocks, pictures), 'text/html');
  expect(report.querySelectorAll('.light > svg, .dark > svg')).toHaveLength(2 * pictures.size);
  expect(report.querySelectorAll('script, img, foreignObject, iframe, link')).toHaveLength(0);
  const handlers = [...report.querySelectorAll('*')].flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))); // prettier-ignore
  expect(handlers).toEqual([]);
  expect([...report.querySelectorAll('.text')].at(-1)?.textContent).toBe(script);
  expect(document.querySelector('[inert]')).toBeNull();
});
