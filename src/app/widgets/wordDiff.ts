import { diffWordsWithSpace } from 'diff';

/** A stretch of one side's text, and whether the other side lacks it. */
export interface Stretch {
  text: string;
  own: boolean;
}

/** Comparing takes time by the product of both lengths; longer texts are shown without marks. */
const LONGEST = 40_000;

/** Both texts cut into shared stretches and stretches of their own, word by word. */
export function wordDiff(left: string, right: string): { left: Stretch[]; right: Stretch[] } {
  if (left.length + right.length > LONGEST)
    return { left: [{ text: left, own: false }], right: [{ text: right, own: false }] };
  const changes = diffWordsWithSpace(left, right);
  return {
    left: changes.filter((c) => !c.added).map((c) => ({ text: c.value, own: c.removed })),
    right: changes.filter((c) => !c.removed).map((c) => ({ text: c.value, own: c.added })),
  };
}
