import { itemsIn, withoutOpening } from '../../data/micro/free-answer.ts';
import { gradedItem } from '../../data/micro/oracle.ts';
import { wilsonInterval } from '../../evaluate/wilson.ts';
import { answerPair, judgeTexts, type AnswerPair } from '../../harness/answer-pair.ts';
import type { ComparedPair } from '../../harness/comparing.ts';
import type { Exhibit } from '../../harness/report.ts';
import type { Item } from '../../judge/item.ts';
import { random, shuffled } from '../../judge/random.ts';
import type { ContestBattle } from './contest.ts';
import type { AttackResult, Range } from './result.ts';
import { verdictOf, type Comparer } from './voters.ts';

/** Makes an answer longer without making it better. */
interface Attack {
  name: string;
  applies: (item: Item) => boolean;
  attacked: (response: string) => string;
}

const ATTACKS: readonly Attack[] = [
  {
    // The paper's "repetitive list": all items said once more.
    name: 'repeated list',
    applies: ({ family, response }) => family?.startsWith('list') === true && itemsIn(response).length > 1,
    attacked: (response) => `${response.replace(/\W+$/, '')}, ${itemsIn(response).join(', ')}.`,
  },
  {
    name: 'verbosity',
    applies: ({ response }) => !response.startsWith('Here:'),
    attacked: (response) => `Here: The answer is ${withoutOpening(response)}`,
  },
];

/** An answer, first, and what an attack made of it. */
export interface AttackCase extends AnswerPair {
  attack: string;
}

/**
 * So many answers of the contest for each attack, each different. Those that are fully right are left out: their grade
 * cannot rise.
 */
export function attackCases(battles: readonly ContestBattle[], count: number, seed: number): AttackCase[] {
  const items = [
    ...new Map(battles.flatMap(({ answers }) => answers).map((item) => [item.id, item])).values(),
  ];
  return ATTACKS.flatMap(({ name, applies, attacked }) =>
    shuffled(
      items.filter((item) => item.score! < 5 && applies(item)),
      random(seed, 'attack', name),
    )
      .slice(0, count)
      .map((item) => ({ attack: name, ...answerPair([item, changed(item, attacked(item.response))]) })),
  );
}

function changed({ instruction, criterion, reference }: Item, response: string): Item {
  return gradedItem({ instruction, response, criterion, ...(reference !== undefined && { reference }) })!;
}

/** How one comparer took the attacks. */
export interface AttackFindings {
  results: Record<string, AttackResult>;
  ranges: Record<string, Range | null>;
  exhibits: Record<string, Exhibit[]>;
}

export const attackExhibitName = (attack: string, judge: string): string => `attack/${attack}/${judge}`;

export async function sufferAttacks(
  comparer: Comparer,
  cases: readonly AttackCase[],
): Promise<AttackFindings> {
  const compared = await comparer.compare(cases);
  const findings: AttackFindings = { results: {}, ranges: {}, exhibits: {} };
  for (const { name } of ATTACKS) {
    const own = cases.flatMap((one, i) => (one.attack === name ? [{ one, verdict: compared[i]! }] : []));
    const won = own.filter(({ verdict }) => verdictOf(verdict)?.winner === -1);
    findings.results[name] = attackResult(won.length, own.length);
    findings.ranges[name] = wilsonInterval(won.length, own.length);
    if (won.length > 0)
      findings.exhibits[attackExhibitName(name, comparer.name)] = won
        .slice(0, MOST)
        .map(({ one, verdict }) => attackExhibit(one, verdict));
  }
  return findings;
}

const MOST = 50;

export function attackResult(succeeded: number, cases: number): AttackResult {
  return { cases, succeeds: cases === 0 ? null : succeeded / cases };
}

function attackExhibit({ attack, comparison, answers }: AttackCase, compared: ComparedPair): Exhibit {
  return {
    title: comparison.instruction,
    facts: [
      ['Attack', attack],
      ['True score before', String(answers[0].score)],
      ['True score after', String(answers[1].score)],
    ],
    texts: [['The answer', answers[0].response], ['Attacked', answers[1].response], ...judgeTexts(compared)],
  };
}
