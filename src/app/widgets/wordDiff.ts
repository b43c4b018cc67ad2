import { diffWordsWithSpace } from 'diff';

/** A stretch of one side's text, and whether the other side lacks it. */
export interface Stretch {
  text: string;
  own: boolean;
}

/** Both texts cut into shared stretches and stretches of their own, word by word. */
export function wordDiff(left: string, right: string): { left: Stretch[]; right: Stretch[] } {
  const changes = diffWordsWithSpace(left, right);
  return {
    left: changes.filter((c) => !c.added).map((c) => ({ text: c.value, own: c.removed })),
    right: changes.filter((c) => !c.removed).map((c) => ({ text: c.value, own: c.added })),
  };
}
