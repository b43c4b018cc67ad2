import type { Bench } from '../bench.ts';
import { perSecond, type Contender, type Measured } from '../contender.ts';

/**
 * A contender that is a module of bench/pages in a tab of its own.
 * @param open command that loads the model and answers with what it runs on
 * @param work command that is measured
 */
export async function inPage<Command extends { do: string }>(
  bench: Bench,
  page: string,
  open: Command,
  work: Command,
  given: (device: string) => string,
): Promise<Contender> {
  const tab = await bench.openPage();
  const entry = `/bench/pages/${page}.ts`;
  try {
    const device = (await tab.run(entry, open)) as string;
    return {
      given: given(device),
      measure: async () => perSecond((await tab.run(entry, work)) as Measured),
      close: () => tab.close(),
    };
  } catch (error) {
    await tab.close();
    throw error;
  }
}
