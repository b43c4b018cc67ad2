import type { Comparison, ComparisonItem } from '../judge/comparison.ts';
import type { Protocol } from '../judge/protocol.ts';
import { winnerOf } from '../judge/verdict-number.ts';
import { BOTH_ORDERS, leavesRoom, type ComparisonWay } from './comparing.ts';
import { greedy, judgmentsOf } from './judge-items.ts';

/**
 * Comparing by what the judge writes, greedily, when it is shown both answers: once as the item has them, once exchanged.
 * @param maxTokens longest judgment; a protocol whose verdict comes first needs few
 */
export function byText(
  protocol: Protocol<Comparison>,
  maxTokens: number,
  named: { id: string; title: string },
): ComparisonWay {
  return {
    ...named,
    hasPosition: true,
    fits: (bench, item) =>
      BOTH_ORDERS.every((order) => leavesRoom(bench, protocol, item, maxTokens, { order })),
    compare: async (bench, request) => {
      const ask = (order: readonly number[]) =>
        judgmentsOf<ComparisonItem>(bench, {
          ...request, protocol, samples: 1, sampling: greedy(maxTokens), asked: { order },
        }); // prettier-ignore
      const shown = await ask([0, 1]);
      const exchanged = await ask([1, 0]);
      return request.items.map(({ id }) => {
        const [first, second] = [shown.get(id)![0]!, exchanged.get(id)![0]!];
        return {
          id,
          orders: [winnerOf(first.verdict, first.order), winnerOf(second.verdict, second.order)],
          evidence: [
            { judgmentIds: [first.id], texts: [first.text] },
            { judgmentIds: [second.id], texts: [second.text] },
          ],
        };
      });
    },
  };
}
