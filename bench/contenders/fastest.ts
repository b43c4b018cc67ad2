import type { Bench } from '../bench.ts';
import type { Contender } from '../contender.ts';

/**
 * A peer with the options that are best for it here: each candidate does the work once, and the fastest goes on. A
 * candidate that fails is left out.
 * @throws what the last candidate threw, where all fail
 */
export async function fastest(
  { quick, log }: Bench,
  candidates: (() => Promise<Contender>)[],
): Promise<Contender> {
  const tried: { contender: Contender; rate: number }[] = [];
  let failure: unknown;
  for (const open of quick ? candidates.slice(0, 1) : candidates) {
    try {
      const contender = await open();
      tried.push({ contender, rate: await contender.measure() });
    } catch (error) {
      failure = error;
      log(String(error));
    }
  }
  const [best, ...others] = tried.toSorted((a, b) => b.rate - a.rate);
  if (!best) throw failure;
  for (const { contender } of others) await contender.close();
  const rest = others.map(({ contender, rate }) => `${contender.given}: ${rate.toPrecision(3)}`);
  return {
    ...best.contender,
    given: [best.contender.given, ...(rest.length > 0 ? [`faster than ${rest.join('; ')}`] : [])].join(', '),
    warm: true,
  };
}
