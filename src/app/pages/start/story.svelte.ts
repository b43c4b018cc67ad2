import { correctAnswer } from '../../../rationalize/curation/correct-answer.ts';
import type { Item } from '../../../judge/item.ts';
import type { HandJudgment } from '../../../harness/ask.ts';
import { Judging } from '../../state/judging/judging.svelte.ts';
import { Jury } from '../../state/judging/jury.svelte.ts';
import { storyItems } from './storyItems.ts';

/** Time to read a right verdict before the next item is tried. */
const PAUSE_MS = 1200;
/** Draws of eight, until right and wrong ones are both among them. */
const DRAWS = 4;

type Pair = [chosen: HandJudgment, rejected: HandJudgment];

/** The story's live part: one item that this judge gets wrong, eight judgments of it, one pair made of them. */
class Story {
  judging = new Judging();
  jury = new Jury();
  /** Items that it got right before the present one. */
  passed = $state(0);
  found = $state(false);
  #begun = false;

  get item(): Item | null {
    return this.judging.item;
  }

  /** Two of its own judgments, the better with the right reasons and the worse with wrong ones, if there are such. */
  get pair(): Pair | null {
    if (!this.item || this.jury.status !== 'done') return null;
    const { pairs } = correctAnswer(this.item, this.jury.judgments, { margin: 1 });
    const truth = this.item.rationale ?? '';
    const isTrue = ({ text }: HandJudgment): boolean => text.startsWith(truth);
    const worth = ([good, bad]: Pair): number =>
      2000 * Number(isTrue(good)) + 1000 * Number(!isTrue(bad)) + sharedBeginning(good, bad);
    return pairs.sort((a, b) => worth(b) - worth(a))[0] ?? null;
  }

  /** Grades items until one is graded wrongly. Calls after the first do nothing, unless it failed. */
  async begin(): Promise<void> {
    if (this.#begun && this.judging.status !== 'failed') return;
    this.#begun = true;
    this.passed = 0;
    for (const item of storyItems()) {
      await this.judging.judge(item);
      if (this.judging.status !== 'done') return;
      if (this.judging.score !== item.score) break;
      this.passed += 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.found = true;
  }

  /** Asks eight times; again with other chances, when all eight are of one kind. */
  async ask(): Promise<void> {
    if (!this.item || !this.found || this.jury.status === 'asking') return;
    for (let draw = 0; draw < DRAWS; draw++) {
      await this.jury.ask(this.item, { seed: 1 + draw });
      if (this.jury.status !== 'done' || this.pair) return;
    }
  }
}

function sharedBeginning(a: HandJudgment, b: HandJudgment): number {
  let length = 0;
  while (length < a.text.length && a.text[length] === b.text[length]) length += 1;
  return length;
}

export const story = new Story();

/** Below this the judge hesitated, rather than merely left a little room. */
const SURE = 0.9;

/** The word that it found least likely of all it wrote; null where it was sure throughout. */
export function greatestDoubt({
  pieces,
  logprobs,
}: HandJudgment): { word: string; probability: number } | null {
  const least = pieces.reduce((at, _, index) => (logprobs[index]! < logprobs[at]! ? index : at), 0);
  const probability = Math.exp(logprobs[least] ?? 0);
  return probability < SURE ? { word: (pieces[least] ?? '').trim(), probability } : null;
}
