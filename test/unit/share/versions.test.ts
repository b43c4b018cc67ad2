import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defaultsOf, SETTINGS_VERSION } from '../../../src/harness/fields.ts';
import { fingerprint } from '../../../src/harness/fingerprint.ts';
import { LAB_IDS, loadLab } from '../../../src/labs/registry.ts';
import { RUN_FIELDS } from '../../../src/rationalize/settings.ts';
import { experimentOf, linkOf } from '../../../src/share/link.ts';
import { JUDGMENT_FIELDS } from '../../../src/share/of-judgment.ts';
import { WORDS } from '../../../src/share/words.ts';

/** What settings mean that a link of this number does not name. A new lab or a new setting is no change of the old ones. */
const DEFAULTS: Readonly<Record<number, Record<string, string>>> = {
  1: {
    run: 'eQjBZkBg',
    judgment: 'pWoKOVhI',
    'self-rationalization': '2BAkeMZ9',
    'judging-the-judges': 'm8xRZvxT',
    'scalable-evaluation': '8EHS4bCQ',
    'mt-bench': 'GrWbIlp7',
    judgebench: 'pnv-UE9T',
    'selective-generation': 'Web8pnqy',
    judgerank: '6dFNqF0J',
    'planted-verdict': 'xKZ_IzHN',
    uncertainty: 'UhNQLcQM',
  },
};

it('the defaults of settings are those of their number: links carry only what differs from them', async () => {
  const fields = await Promise.all(LAB_IDS.map(async (id) => [id, (await loadLab(id)).fields] as const));
  const found = [['run', RUN_FIELDS] as const, ['judgment', JUDGMENT_FIELDS] as const, ...fields].map(
    ([name, one]) => [name, fingerprint(Object.entries(defaultsOf(one)))],
  );
  expect(Object.fromEntries(found)).toEqual(DEFAULTS[SETTINGS_VERSION]);
});

it('the words that links are made of stay as they are', () => {
  expect(fingerprint([WORDS])).toBe('iyhZyd2E');
});

const FOLDER = 'test/fixtures/links';
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.link'));

it('there are released links of every kind', () => {
  const kinds = names.map((name) => experimentOf(readFileSync(`${FOLDER}/${name}`, 'utf8')).kind);
  expect([...new Set(kinds)].toSorted()).toEqual(['judgment', 'lab', 'run']);
});

it.each(names)('the released link %s opens as it was meant', (name) => {
  const link = readFileSync(`${FOLDER}/${name}`, 'utf8').trim();
  const meant: unknown = JSON.parse(readFileSync(`${FOLDER}/${name.replace('.link', '.json')}`, 'utf8'));
  const experiment = experimentOf(link);
  expect(experiment).toEqual(meant);
  expect(experimentOf(linkOf(experiment))).toEqual(experiment);
});

it('the links of the README open', () => {
  const links = [...readFileSync('README.md', 'utf8').matchAll(/http:\/\/localhost:4173\/(#v1\S+)/g)];
  expect(links.map(([, link = '']) => experimentOf(link).kind)).toEqual(['run', 'lab', 'judgment']);
});
