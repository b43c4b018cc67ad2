import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { linkText, LinkError } from '../../../src/share/link-text.ts';
import { experimentOf, linkOf } from '../../../src/share/link.ts';
import { EXPERIMENT } from './experiment.ts';

const LINK = linkOf(EXPERIMENT);

describe('a link', () => {
  it('comes back as the experiment that it was made of', () => {
    expect(experimentOf(LINK)).toEqual(EXPERIMENT);
  });

  it('is found in an address and in a message', () => {
    expect(experimentOf(`https://judges.example/app/${LINK}`)).toEqual(EXPERIMENT);
    expect(experimentOf(`Look at <https://judges.example/${LINK}> (mine)`)).toEqual(EXPERIMENT);
  });

  it('that was cut says so, wherever it was cut', () => {
    for (let length = '#v1'.length; length < LINK.length; length++)
      expect(() => experimentOf(LINK.slice(0, length))).toThrow(/cut off or altered/);
  });

  it('that was altered in one character is refused', () => {
    for (let place = '#v1.'.length; place < LINK.length; place++) {
      const other = LINK[place] === 'A' ? 'B' : 'A';
      expect(() => experimentOf(LINK.slice(0, place) + other + LINK.slice(place + 1))).toThrow(LinkError);
    }
  });

  it('of a later version asks for a newer page', () => {
    expect(() => experimentOf(LINK.replace('#v1', '#v2'))).toThrow(/newer page/);
  });

  it('is not there in a text without one', () => {
    expect(() => experimentOf('https://judges.example/#/improve')).toThrow(/no link here/);
  });

  it.each([
    ['no deflated bytes', Uint8Array.of(1, 2, 3)],
    ['no JSON', deflateSync(new TextEncoder().encode('{'))],
    ['bytes that are no text', deflateSync(Uint8Array.of(255, 254))],
    ['a list', deflateSync(new TextEncoder().encode('[]'))],
    ['an experiment of an unknown kind', deflateSync(new TextEncoder().encode('{"kind":"game"}'))],
  ])('with %s inside is refused in words', (_name, bytes) => {
    expect(() => experimentOf(linkText(bytes))).toThrow(LinkError);
  });

  it('that would unfold without end is refused before it has', () => {
    const bomb = deflateSync(new Uint8Array(3_000_000));
    expect(linkText(bomb).length).toBeLessThan(40_000);
    expect(() => experimentOf(linkText(bomb))).toThrow(/unfolds to more/);
  });

  it.each([
    ['a note of 301 characters', { note: 'a'.repeat(301) }],
    ['seven judgments', { judgments: new Array(7).fill({ item: 0, before: { text: '', score: null } }) }],
    ['a part that there is not', { other: 1 }],
    ['metrics that are none', { metrics: { accuracy: 'high' } }],
    ['a lab that fits no kind', { lab: 'mt-bench' }],
    ['an address as the name of a repository', { model: { ...EXPERIMENT.model, hub: { repository: '//evil/x', revision: 'a'.repeat(40) } } }], // prettier-ignore
  ])('is not made with %s', (_name, wrong) => {
    expect(() => linkOf({ ...EXPERIMENT, ...wrong } as typeof EXPERIMENT)).toThrow(LinkError);
  });
});
