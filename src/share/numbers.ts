/** Numbers by their names, as a result holds them: what a link carries of one. */
export type Numbers = number | null | readonly Numbers[] | { readonly [name: string]: Numbers };

/** Results have rounds, measures and intervals: no more than this within each other. */
const DEEPEST = 8;
const MOST = 10_000;

/** Shares to a hundredth of a point. */
export const METRIC_DECIMALS = 4;

export interface Kept {
  decimals: number;
  /** Longer lists are left out. */
  longestList: number;
  /** So many levels of names and lists within each other; what lies deeper is left out. */
  deepest: number;
}

/**
 * The numbers of a result, rounded; texts and what is empty without them are left out. A list with anything else in it is
 * left out whole, since its places would no longer be those of the result.
 */
export function numbersOf(value: unknown, kept: Kept): Numbers | undefined {
  if (value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? rounded(value, kept.decimals) : null;
  if (typeof value !== 'object' || kept.deepest === 0) return undefined;
  const within = { ...kept, deepest: kept.deepest - 1 };
  if (Array.isArray(value)) return listOf(value, within);
  const entries = Object.entries(value).flatMap(([name, part]) => {
    const numbers = numbersOf(part, within);
    return numbers === undefined ? [] : [[name, numbers] as const];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function listOf(list: readonly unknown[], kept: Kept): Numbers | undefined {
  if (list.length === 0 || list.length > kept.longestList) return undefined;
  const parts = list.map((part) => numbersOf(part, kept));
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** Whether a value from outside is one of these, neither too deep nor too large. */
export function areNumbers(value: unknown): value is Numbers {
  let count = 0;
  const holds = (part: unknown, depth: number): boolean => {
    if (++count > MOST || depth > DEEPEST) return false;
    if (part === null || (typeof part === 'number' && Number.isFinite(part))) return true;
    if (typeof part !== 'object') return false;
    return Object.entries(part).every(
      ([name, inner]) => name !== '__proto__' && name.length <= 100 && holds(inner, depth + 1),
    );
  };
  return holds(value, 0);
}

// + 0: −0 is 0.
const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals)) + 0;
