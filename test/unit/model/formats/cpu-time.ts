/** Seconds of this process's own time since `process.cpuUsage()`: a busy machine does not lengthen them. */
export function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
