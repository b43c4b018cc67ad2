import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRoute, PLACES, routeTo, routeToLab } from '../../../src/app/state/shell/route.ts';

test('every place has an address that leads back to it', () => {
  for (const place of PLACES) expect(parseRoute(routeTo(place)).place).toBe(place);
});

test('a run and its round survive the address, whatever the run is called', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), (run, round) => {
      expect(parseRoute(routeTo('improve', run, round))).toMatchObject({ place: 'improve', run, round });
    }),
  );
});

test.each(['', '#', '#/', '#/nowhere', '#/judge-me', '#/%E0%A4%A'])('%j opens Start', (hash) => {
  expect(parseRoute(hash)).toMatchObject({ place: 'start', run: null, round: null });
});

test.each(['#/improve/calm-otter/x', '#/improve/calm-otter/-1', '#/improve/calm-otter'])(
  '%s names a run but no round',
  (hash) => {
    expect(parseRoute(hash)).toMatchObject({ place: 'improve', run: 'calm-otter', round: null });
  },
);

test('a panel after the round does not hide the round', () => {
  expect(parseRoute('#/improve/calm-otter/2/pairs')).toMatchObject({
    place: 'improve',
    run: 'calm-otter',
    round: 2,
  });
});

test('a lab and its settings survive the address', () => {
  const text = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(text, fc.dictionary(text, text), (lab, settings) => {
      const changes = { ...settings };
      expect(parseRoute(routeToLab(lab, changes))).toMatchObject({ place: 'labs', lab, settings: changes });
    }),
  );
  expect(parseRoute('#/labs')).toMatchObject({ place: 'labs', lab: null, settings: {} });
});
