import type { Block } from '../../../src/harness/report.ts';

/** Names of the exhibits that the marks of these blocks open. */
export function marksThatOpen(blocks: readonly Block[]): string[] {
  const names = new Set<string>();
  JSON.stringify(blocks, (key, value: unknown) => {
    if (key === 'opens' && typeof value === 'string') names.add(value);
    return value;
  });
  return [...names];
}
