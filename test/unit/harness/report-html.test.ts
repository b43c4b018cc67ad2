import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../../src/harness/html.ts';
import { reportHtml, type ReportWords } from '../../../src/harness/report-html.ts';
import type { Block } from '../../../src/harness/report.ts';
import { visibleControls } from '../../../src/harness/shown-text.ts';
import { attacks } from '../../attacks.ts';
import { SAMPLE_BLOCKS } from '../../browser/app/sample-blocks.ts';

const NAMES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
/** What a browser reads where our writer wrote a text. */
const read = (written: string) => written.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => NAMES[name]!);

describe('a text in HTML', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('<', '>', '&', '"', "'", '/', 'script', '--', ']]>', '&lt;', ' ', '='),
    }),
  );

  it('is a text: nothing in it is markup, and all of it is there', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [, written] = /^<p>(.*)<\/p>$/s.exec(html('p', {}, text).markup)!;
        expect(written).not.toMatch(/[<>"]|&(?!(amp|lt|gt|quot);)/);
        expect(read(written!)).toBe(visibleControls(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('stays within its attribute', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [, written] = /^<a title="([^"]*)"><\/a>$/s.exec(html('a', { title: text }).markup)!;
        expect(read(written!)).toBe(visibleControls(text));
      }),
      { numRuns: 1000 },
    );
  });
});

const words = (text: string): ReportWords => ({
  title: text,
  about: text,
  says: text,
  found: { title: text, text, address: 'https://arxiv.org/abs/2410.05495' },
  facts: [[text, text]],
  settings: [{ title: text, values: [[text, text]] }],
});

const blocksOf = (text: string): Block[] => [
  { kind: 'sentence', text },
  { kind: 'table', title: text, columns: [{ title: text }], rows: [{ cells: [text] }], note: text },
  {
    kind: 'exhibits',
    title: text,
    exhibits: [{ title: text, facts: [[text, text]], texts: [[text, text]] }],
  },
];

/** The tags of a document, without their attributes. */
const tagsOf = (document: string) => document.match(/<\/?[a-z][a-z0-9]*/g) ?? [];

describe('a report', () => {
  const plain = tagsOf(reportHtml(words('a'), blocksOf('a'), new Map()));

  it.each(attacks().map(({ name, text }) => [name, text]))('has no other tags for %s', (_, text) => {
    const document = reportHtml(words(text), blocksOf(text), new Map());
    expect(tagsOf(document)).toEqual(plain);
  });

  it('shows a script in a rationale as text, and has none of its own', () => {
    const document = reportHtml(words('a'), blocksOf('<script>alert(1)</script>'), new Map());
    expect(document).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(document).not.toMatch(/<script|\son\w+=|javascript:/i);
    expect(document).toContain("default-src 'none'");
  });

  it('refers to nothing but the address of the paper', () => {
    const document = reportHtml(words('a'), Object.values(SAMPLE_BLOCKS), new Map());
    expect(document.match(/(src|href)="[^"]*"|url\([^)]*\)/g)).toEqual(['href="https://arxiv.org/abs/2410.05495"']); // prettier-ignore
  });

  it('has the picture for each theme, and its numbers', () => {
    const picture = { light: { markup: '<svg id="l"></svg>' }, dark: { markup: '<svg id="d"></svg>' } };
    const document = reportHtml(words('a'), [SAMPLE_BLOCKS.bars], new Map([[0, picture]]));
    expect(document).toContain('<span class="light"><svg id="l"></svg></span>');
    expect(document).toContain('<span class="dark"><svg id="d"></svg></span>');
    expect(document).toMatch(/<summary>.*<\/summary><div class="scroll"><table>/);
  });
});
