import { readFileSync } from 'node:fs';

/** A text that tries to be more than text, by what it tries. */
export interface Attack {
  name: string;
  text: string;
}

type Stored = { name: string; text: string } | { name: string; repeat: string; times: number };

/** The attack set (`test/fixtures/attacks/texts.json`); what is long by repetition is spelt out here. */
export function attacks(): Attack[] {
  const stored = JSON.parse(readFileSync(new URL('fixtures/attacks/texts.json', import.meta.url), 'utf8')) as Stored[]; // prettier-ignore
  return stored.map((one) => ('text' in one ? one : { name: one.name, text: one.repeat.repeat(one.times) }));
}

/** Those that are no longer than a page. */
export const shortAttacks = (): Attack[] => attacks().filter(({ text }) => text.length < 5000);
