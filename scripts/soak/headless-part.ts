import type { MemoryReport } from '../../workers/protocol.ts';
import type { SoakCommand } from '../entries/soak.ts';
import { openHeadless, type Headless } from '../run-in-chromium.ts';
import { ADAPTER, copyLocalJudges, LOCAL_JUDGES, SHIPPED_JUDGES } from './judges.ts';
import type { Amount, Log, PartResult } from './part.ts';
import { Sampler, type Sample } from './sampler.ts';

/** Runs and judges on the app's modules, in one headless page whose engine stays open. */
export async function soakHeadless(
  part: 'headless' | 'webgpu',
  amount: Amount,
  folder: string,
  log: Log,
): Promise<PartResult> {
  const start = performance.now();
  const headless = await openHeadless({ files: folder, folders: copyLocalJudges(folder) });
  try {
    const { command, sampler } = await openSession(headless, log);
    await command({ do: 'open', backend: part === 'webgpu' ? 'webgpu' : 'wasm' });
    const runs: Sample[] = [];
    for (let seed = 1; seed <= amount.runs; seed++) {
      const memory = await command({ do: 'run', settings: { ...settingsOf(amount), seed } });
      runs.push(await sampler.take(memory));
      log(`${part}, run ${seed}: ${JSON.stringify(runs.at(-1))}`);
    }
    const judges: Sample[] = [];
    for (let lap = 1; lap <= amount.laps; lap++) {
      judges.push(await sampler.take(await openInTurn(command)));
      log(`${part}, lap ${lap}: ${JSON.stringify(judges.at(-1))}`);
    }
    return { part, amount, runs, judges, seconds: (performance.now() - start) / 1000 };
  } finally {
    await headless.close();
  }
}

type Command = (command: SoakCommand) => Promise<MemoryReport>;

async function openSession(headless: Headless, log: Log): Promise<{ command: Command; sampler: Sampler }> {
  const page = await headless.openPage(log);
  const sampler = await Sampler.of(headless.context.pages().at(-1)!);
  return {
    command: async (command) => (await page.run('/scripts/entries/soak.ts', command)) as MemoryReport,
    sampler,
  };
}

const settingsOf = ({ heldoutItems, itemsPerRound, samples, batchSize }: Amount) => ({
  heldoutItems,
  itemsPerRound,
  samples,
  batchSize,
});

async function openInTurn(command: Command): Promise<MemoryReport> {
  for (const judge of SHIPPED_JUDGES) await command({ do: 'ask', judge, local: false });
  let memory!: MemoryReport;
  for (const judge of LOCAL_JUDGES)
    memory = await command({
      do: 'ask',
      judge,
      local: true,
      ...(judge === 'llama' && { adapter: ADAPTER }),
    });
  return memory;
}
