import { comparisonId, type ComparisonItem } from '../judge/comparison.ts';
import type { Item } from '../judge/item.ts';
import type { ScriptedComparer } from '../judge/scripted.ts';
import { turned } from '../judge/winner.ts';
import type { ComparedPair } from './comparing.ts';

/** Two answers to one question: as a comparison that a judge is asked about, and as the items that scripted judges see. */
export interface AnswerPair {
  comparison: ComparisonItem;
  answers: readonly [Item, Item];
}

/** The judge is not shown a reference: whether it knows better itself is what pairs are there to find out. */
export function answerPair(answers: readonly [Item, Item]): AnswerPair {
  const [{ instruction, criterion, family }] = answers;
  const content = { instruction, responses: answers.map(({ response }) => response), criterion };
  const source = family === undefined ? {} : { source: family };
  return { comparison: { id: comparisonId(content), ...content, ...source }, answers };
}

/** A scripted judge's verdicts on a pair as it stands and exchanged. */
export function comparedByScript(
  comparer: ScriptedComparer,
  { comparison, answers }: AnswerPair,
): ComparedPair {
  const [first, second] = answers;
  const exchanged = comparer([second, first]);
  const said = () => ({ judgmentIds: [], texts: [] });
  return {
    id: comparison.id,
    orders: [comparer([first, second]), exchanged === null ? null : turned(exchanged)],
    evidence: [said(), said()],
  };
}

/** What a judge wrote on a pair, for showing: once where no position was shown, else in each order. */
export function judgeTexts({ evidence }: ComparedPair): (readonly [name: string, text: string])[] {
  const [shown, exchanged] = evidence.map(({ texts }) => texts.join('\n')) as [string, string];
  const said: (readonly [string, string])[] =
    shown === exchanged
      ? [['The judge', shown]]
      : [
          ['The judge, answers as they stand', shown],
          ['The judge, answers exchanged', exchanged],
        ];
  return said.filter(([, text]) => text !== '');
}
