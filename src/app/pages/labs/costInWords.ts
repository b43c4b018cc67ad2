import { formatBytes, formatDuration } from '../../../harness/format.ts';
import type { KnownCost } from '../../state/labs/lab-cost.svelte.ts';

/** "about 25 s here", or what two cores take where this device was not measured yet. */
export function costInWords({ seconds, bytes, measured }: KnownCost): string {
  const coarse = seconds > 90 ? Math.round(seconds / 60) * 60 : Math.max(1, Math.round(seconds));
  const time = `about ${formatDuration(coarse)} ${measured ? 'on this device' : 'on two CPU cores'}`;
  return bytes > 1e6 ? `${time}, ${formatBytes(bytes)}` : time;
}
