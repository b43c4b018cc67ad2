import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../../src/app/theme.css';
import '../../../src/app/theme-base.css';
import ExhibitsDialog from '../../../src/app/widgets/blocks/ExhibitsDialog.svelte';
import ReportBlock from '../../../src/app/widgets/blocks/ReportBlock.svelte';
import { blockText } from '../../../src/harness/report-text.ts';
import type { Block } from '../../../src/harness/report.ts';
import { SAMPLE_BLOCKS } from './sample-blocks.ts';

let host: HTMLElement;
let shown: object | undefined;

beforeEach(() => {
  host = document.createElement('div');
  document.body.append(host);
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = undefined;
  host.remove();
});

/** The block as a page of that width shows it, and the names that it asked to open. */
async function show(block: Block, width = 640): Promise<ReturnType<typeof vi.fn>> {
  host.style.width = `${width}px`;
  const onopen = vi.fn();
  shown = mount(ReportBlock, { target: host, props: { block, onopen } });
  // Pictures are drawn once their width is known.
  if (host.querySelector('.canvas'))
    await vi.waitFor(() => expect(host.querySelector('svg[role]')).not.toBeNull());
  flushSync();
  return onopen;
}

/** Texts with a space between them: cells side by side would run together. */
function words(): string {
  const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  const texts: string[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode.textContent ?? '');
  return texts.join(' ').replace(/\s+/g, ' ');
}

/** Numbers with their signs and units, as Markdown has them. */
const numbersIn = (text: string) =>
  text.replaceAll('\u00a0', ' ').match(/[+−±]?\d[\d.,]*\d|[+−±]?\d|n\/a/g) ?? [];

const MARKS = '[role=button], button:not(.toggle)';
const DRAWN = ['intervals', 'curve', 'bars', 'scatter', 'ranks'] as const;
const OPENING = [
  ['table', 'seed judge', 'seed'],
  ['intervals', 'a reference that is made up: 62.0', 'fake'],
  ['curve', 'confidence of the score: accuracy 57.0', 'covered 18'],
  ['bars', 'nobody is right, the judge: 0.0', 'nobody'],
  ['scatter', 'the open judge: ', 'open judge'],
  ['matrix', 'first judge 1, second 1: 0.0', 'cell 1 1'],
  ['ranks', 'verbose solver: 4 by votes of people', 'verbose'],
] as const;

describe.each(DRAWN)('%s', (kind) => {
  test('all that stands in an SVG is SVG', async () => {
    await show(SAMPLE_BLOCKS[kind]);
    const strangers = [...host.querySelectorAll('svg *')].filter((one) => !(one instanceof SVGElement));
    expect(strangers.map((one) => one.outerHTML)).toEqual([]);
  });

  test('its table has every number that the terminal writes', async () => {
    const block = SAMPLE_BLOCKS[kind];
    await show(block);
    host.querySelector<HTMLButtonElement>('.toggle')?.click();
    flushSync();
    const there = new Set(numbersIn(words()));
    expect(numbersIn(blockText(block)).filter((number) => !there.has(number))).toEqual([]);
  });

  test('the picture is told in a sentence', async () => {
    const block = SAMPLE_BLOCKS[kind];
    await show(block);
    const picture = host.querySelector('svg[role=group], .body[role=group]');
    expect(picture?.getAttribute('aria-label')).toMatch(new RegExp(`^${block.title}: .*\\d.*\\.$`));
  });
});

test.each(['sentence', 'table', 'matrix', 'exhibits'] as const)(
  '%s has every number that the terminal writes',
  async (kind) => {
    const block = SAMPLE_BLOCKS[kind];
    await show(block);
    const there = new Set(numbersIn(words()));
    expect(numbersIn(blockText(block)).filter((number) => !there.has(number))).toEqual([]);
  },
);

test.each(OPENING)('a mark of %s opens its exhibits by keyboard', async (kind, name, exhibits) => {
  const onopen = await show(SAMPLE_BLOCKS[kind]);
  const named = (mark: Element) =>
    (mark.getAttribute('aria-label') ?? mark.textContent).trim().startsWith(name);
  const mark = [...host.querySelectorAll<HTMLElement>(MARKS)].find(named);
  expect(mark?.tabIndex).toBe(0);
  mark?.focus();
  expect(document.activeElement).toBe(mark);
  await userEvent.keyboard('{Enter}');
  expect(onopen.mock.calls).toEqual([[exhibits]]);
});

test('a click opens the nearest point of a curve', async () => {
  const onopen = await show(SAMPLE_BLOCKS.curve);
  const box = host.querySelector('.catcher')!.getBoundingClientRect();
  const point = [...host.querySelectorAll('[role=button][aria-label]')].find((mark) =>
    mark.getAttribute('aria-label')?.includes('judged 50.0'),
  )!;
  const at = point.getBoundingClientRect();
  host
    .querySelector('.catcher')
    ?.dispatchEvent(
      new PointerEvent('click', { bubbles: true, clientX: at.x, clientY: Math.max(box.y, at.y - 6) }),
    );
  expect(onopen.mock.calls).toEqual([['covered 8']]);
});

test('arrow keys read a curve point by point and go to the next curve', async () => {
  await show(SAMPLE_BLOCKS.curve);
  const label = () => document.activeElement?.getAttribute('aria-label')?.replaceAll('\u00a0', ' ');
  host.querySelector<HTMLElement>('[tabindex="0"][aria-label^="confidence"]')?.focus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(label()).toMatch(/^confidence of the score: .* at share of items judged 95\.0 %$/);
  expect(words()).toContain('at share of items judged 95.0');
  await userEvent.keyboard('{ArrowDown}{ArrowLeft}');
  expect(label()).toMatch(/^agreement of eight samples: accuracy .* 93\.\d %$/);
});

describe.each(Object.keys(SAMPLE_BLOCKS) as (keyof typeof SAMPLE_BLOCKS)[])('%s on a phone', (kind) => {
  test('stays within 340 pixels', async () => {
    await show(SAMPLE_BLOCKS[kind], 340);
    const edge = host.getBoundingClientRect();
    const scrolls = (element: Element) =>
      element.closest('.scroller, .matrix, .table, .visually-hidden') !== null;
    const outside = [...host.querySelectorAll('*')].filter((element) => {
      const box = element.getBoundingClientRect();
      return !scrolls(element) && box.width > 0 && (box.right > edge.right + 1 || box.left < edge.left - 1);
    });
    expect(outside.map((element) => element.outerHTML.slice(0, 200))).toEqual([]);
    expect(host.scrollWidth).toBeLessThanOrEqual(340);
  });

  test('has no type below 13 pixels', async () => {
    await show(SAMPLE_BLOCKS[kind], 340);
    const sizes = [...host.querySelectorAll('*')].map((element) =>
      parseFloat(getComputedStyle(element).fontSize),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(13);
  });
});

test('what people and models wrote never becomes markup', async () => {
  await show(SAMPLE_BLOCKS.exhibits);
  expect(host.querySelector('img')).toBeNull();
  expect(words()).toContain('<img src=x onerror=alert(1)>');
});

test('the items behind a mark are leafed through, one after another', async () => {
  const { exhibits } = SAMPLE_BLOCKS.exhibits;
  shown = mount(ExhibitsDialog, { target: host, props: { title: 'Behind it', exhibits, open: true } });
  flushSync();
  const button = (name: string) =>
    [...host.querySelectorAll('button')].find((one) => one.textContent.includes(name));
  expect(words()).toContain('1 of 2');
  expect(button('previous')?.disabled).toBe(true);
  button('next')?.click();
  flushSync();
  expect(words()).toContain('2 of 2');
  expect(host.querySelector('h3')?.textContent).toBe('item 230');
  expect(button('next')?.disabled).toBe(true);
});
