import type { Host } from '../host.ts';

/** Exercises the runner: logs, counts its runs in a file, tells what the browser offers. */
export default async function checkHost(args: unknown, host: Host): Promise<unknown> {
  const before = await host.readFile('checks/runs.txt');
  const runs = Number(before ? new TextDecoder().decode(before) : 0) + 1;
  await host.writeFile('checks/runs.txt', String(runs));
  host.log(`run ${runs}`);
  const adapter = await navigator.gpu.requestAdapter();
  return { args, runs, cores: navigator.hardwareConcurrency, webgpu: adapter?.info.description ?? null };
}
