/** Numbers and dates as a person reads them; where the reader lives is `reader-locale.ts`. */
import { formats } from './reader-locale.ts';

/** 12345 → "12,345" */
export function formatCount(value: number): string {
  return formats().count.format(Math.round(value));
}

/** 1, "pair" → "1 pair"; 1200, "pair" → "1,200 pairs"; `many` where the plural is no mere s. */
export function formatCounted(value: number, one: string, many = `${one}s`): string {
  const text = formatCount(value);
  return `${text} ${text === '1' ? one : many}`;
}

/** A moment, as a Date or in milliseconds: "28 Nov 2026, 14:05" */
export function formatDate(when: number | Date): string {
  return formats().date.format(when);
}

/** Seconds: 8 → "8 s", 95 → "1 min 35 s", 240 → "4 min", 5400 → "1 h 30 min" */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 10) return `${formats().oneDecimal.format(Math.max(0, seconds))} s`;
  const total = Math.round(seconds);
  if (total < 60) return `${total} s`;
  if (total < 600) return join(Math.floor(total / 60), 'min', total % 60, 's');
  const minutes = Math.round(total / 60);
  if (minutes < 60) return `${minutes} min`;
  return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function join(major: number, majorUnit: string, minor: number, minorUnit: string): string {
  return minor === 0 ? `${major} ${majorUnit}` : `${major} ${majorUnit} ${minor} ${minorUnit}`;
}

/** 3_400_000 → "3.4 MB" (decimal units, as disks and browsers count). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  // 0.05 kB below 1 MB already reads "1,000.0 kB", so it counts as the next unit.
  const unit = Math.min(3, Math.floor(Math.log10(bytes * 1.00005) / 3));
  return `${formats().oneDecimal.format(bytes / 1000 ** unit)} ${['B', 'kB', 'MB', 'GB'][unit]}`;
}

/** Parameters of a model: 134_515_008 → "135 million parameters" */
export function formatMillions(parameters: number): string {
  const millions = parameters / 1e6;
  if (millions >= 1000) return `${formats().oneDecimal.format(millions / 1000)} billion parameters`;
  return `${millions < 10 ? formats().oneDecimal.format(millions) : formatCount(millions)} million parameters`;
}

/** Share 0–1: 0.5512 → "55.1 %" (`digits` after the point); the space does not break. */
export function formatShare(share: number | null, digits = 1): string {
  return share === null || Number.isNaN(share) ? 'n/a' : `${(share * 100).toFixed(digits)}\u00a0%`;
}

/** A statistic such as a correlation: 0.7312 → "0.73"; undefined ones read "n/a". */
export function formatNumber(value: number | null, digits = 2): string {
  return value === null || Number.isNaN(value)
    ? 'n/a'
    : value
        .toFixed(digits)
        .replace(/^-(0\.?0*)$/, '$1')
        .replace('-', '−');
}

/** A change with its sign: 0.031 → "+3.1" (points when `scale` is 100). The minus is typographic. */
export function formatChange(value: number, scale = 100, digits = 1): string {
  const text = Math.abs(value * scale).toFixed(digits);
  if (Number(text) === 0) return `±${text}`;
  return value > 0 ? `+${text}` : `−${text}`;
}
