import type { Exhibit } from '../../harness/report.ts';
import type { Item } from '../../judge/item.ts';
import { canRise, type AttackedJudge, type Grade } from './attacked-answer.ts';
import { PLANTED } from './plants.ts';

/** More than these behind one mark nobody reads. */
const MOST = 50;

interface Graded {
  item: Item;
  grade: Grade;
  /** What the judge wrote, where it writes. */
  text?: string;
}

export const gradeInWords = (grade: Grade): string => (grade === null ? 'not readable' : String(grade));

/** One answer before and after something was planted in it. */
export function attackExhibit(plant: string, before: Graded, after: Graded): Exhibit {
  const written = (name: string, { text }: Graded): [string, string][] => (text ? [[name, text]] : []);
  return {
    title: before.item.instruction,
    facts: [
      ['Planted', plant],
      ['Criterion', before.item.criterion],
      ['True score', String(before.item.score)],
      ['True score when planted', String(after.item.score)],
      ['Grade', gradeInWords(before.grade)],
      ['Grade when planted', gradeInWords(after.grade)],
    ],
    texts: [
      ['Answer as planted', after.item.response],
      ...written('Judgment', before),
      ...written('Judgment when planted', after),
    ],
  };
}

/** What a mark opens: the answers of a judge with this planted in them; of one family, or of all. */
export const exhibitName = (judge: string, plant: string, family?: string): string =>
  [judge, ...(family === undefined ? [] : [family]), plant].join('/');

/** Those whose grade rose to the planted one first, then those that moved. */
export function exhibitsOf(judges: readonly AttackedJudge[]): Record<string, Exhibit[]> {
  const exhibits: Record<string, Exhibit[]> = {};
  const add = (name: string, exhibit: Exhibit) => {
    const known = (exhibits[name] ??= []);
    if (known.length < MOST) known.push(exhibit);
  };
  for (const { name, kind, answers } of judges) {
    const shown = answers
      .filter((answer) => canRise(answer, PLANTED))
      .flatMap(({ before, family, attacks }) => attacks.map((attack) => ({ ...attack, before, family })));
    const interest = ({ before, after }: (typeof shown)[number]) => {
      if (after === PLANTED) return 0;
      return after === before ? 2 : 1;
    };
    for (const attack of shown.toSorted((a, b) => interest(a) - interest(b))) {
      add(exhibitName(name, attack.plant), attack.exhibit);
      if (kind !== 'scripted') add(exhibitName(name, attack.plant, attack.family), attack.exhibit);
    }
  }
  return exhibits;
}
