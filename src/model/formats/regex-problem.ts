/**
 * JavaScript's regular expressions backtrack and cannot be interrupted, so a pattern from a file could hold the
 * page for ever. What is let through has a worst case that is a small power of the text's length; the patterns of
 * GPT-2, Llama 3, Qwen, GPT-4o, DeepSeek and Gemma are among it.
 */

const MAX_LENGTH = 8192;
/** Unbounded repetitions in a row, in one branch: the degree of the worst case. GPT-4o's pattern has two. */
const MAX_UNBOUNDED = 3;
/**
 * Those that something which must follow can send back: each makes the worst case a power worse, the search for a place to
 * begin one more. `.*.*x` takes minutes over a text of 5,000 characters that holds no x; published patterns need one.
 */
const MAX_SENT_BACK = 1;
/** Everything in a row that may match in more than one length, `?` included. GPT-4o's pattern has four. */
const MAX_VARIABLE = 8;
/** Up to here a count such as `{1,3}` is as harmless as `?`. */
const SMALL_COUNT = 4;

/** What a branch, or the worst branch of a group, holds. */
interface Branch {
  unbounded: number;
  variable: number;
}

interface Group {
  here: Branch;
  worst: Branch;
  branches: number;
}

const emptyBranch = (): Branch => ({ unbounded: 0, variable: 0 });
const openGroup = (): Group => ({ here: emptyBranch(), worst: emptyBranch(), branches: 1 });

/**
 * Why a pattern is not to be run, or null. It counts repetitions; the engine will parse the pattern.
 * @param most unbounded repetitions that are let through in a row, and before something that must follow; short texts
 * bear more
 */
export function regexProblem(
  source: string,
  most = { inARow: MAX_UNBOUNDED, sentBack: MAX_SENT_BACK },
): string | null {
  if (source.length > MAX_LENGTH) return 'is too long';
  if (/\\[1-9k]/.test(source)) return 'refers back to a group';
  const groups = [openGroup()];
  let closed: Group | null = null;
  for (let at = 0; at < source.length; at++) {
    const group = groups.at(-1)!;
    const repeated = closed;
    closed = null;
    const char = source[at]!;
    const quantifier = QUANTIFIER.exec(source.slice(at, at + 24));
    const before = group.here.unbounded;
    let isAtom = !quantifier && char !== '(' && char !== ')' && char !== '|';
    if (char === '\\') at += escapeLength(source, at) - 1;
    else if (char === '[') at = endOfClass(source, at);
    else if (char === '(') {
      groups.push(openGroup());
      // The `?` of `(?:`, `(?=`, `(?i:` is no quantifier.
      if (source[at + 1] === '?') at++;
    } else if (char === ')') {
      closed = endBranch(groups.pop()!);
      if (groups.length === 0) return 'has brackets that do not match';
      isAtom = true;
      if (sendsBack(source, at, groups.at(-1)!.here.unbounded, most.sentBack)) return SENT_BACK;
      add(groups.at(-1)!.here, closed.worst);
    } else if (char === '|') {
      endBranch(group);
      group.branches++;
    } else if (quantifier) {
      at += quantifier[0].length - 1;
      const count = addQuantifier(group.here, quantifier[0]);
      if (repeated && varies(repeated)) {
        if (count === 'unbounded') return 'repeats a group of varying length';
        const more = mostOf(quantifier[0]) - 1;
        for (let i = 0; i < Math.min(more, MAX_VARIABLE + 1); i++) add(group.here, variation(repeated));
      }
    }
    if (isAtom && char !== ')' && sendsBack(source, at, before, most.sentBack)) return SENT_BACK;
    const { unbounded, variable } = groups.at(-1)!.here;
    if (unbounded > most.inARow || variable > MAX_VARIABLE) return 'has too many repetitions in a row';
  }
  return groups.length === 1 ? null : 'has brackets that do not match';
}

const SENT_BACK = 'has several repetitions before something that may be missing';
const QUANTIFIER = /^(?:[*+?]|\{\d*,?\d*\})[?+]?/;

/** Does what ends at `at` have to follow the unbounded repetitions before it, so that it sends them back where it is missing? */
function sendsBack(source: string, at: number, unbounded: number, most: number): boolean {
  const next = QUANTIFIER.exec(source.slice(at + 1, at + 25))?.[0];
  return unbounded > most && !(next && /^(?:[*?]|\{0?,)/.test(next));
}

/** `\\p{L}` is one, and its braces are no quantifier. */
function escapeLength(source: string, at: number): number {
  return /^\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|.)/su.exec(source.slice(at, at + 60))?.[0].length ?? 2;
}

/** How often a quantifier repeats at most, where it has an end. */
function mostOf(quantifier: string): number {
  const [, least, comma, most] = /^\{(\d*)(,?)(\d*)\}/.exec(quantifier) ?? ['', '1', '', ''];
  return Number(comma ? most : least);
}

/** What one more turn of a group adds; a choice between branches of one length is one as well. */
const variation = ({ worst }: Group): Branch => ({ ...worst, variable: Math.max(1, worst.variable) });

const varies = ({ worst, branches }: Group) => branches > 1 || worst.variable > 0;

function add(to: Branch, from: Branch): void {
  to.unbounded += from.unbounded;
  to.variable += from.variable;
}

function endBranch(group: Group): Group {
  const { here, worst } = group;
  group.worst = {
    unbounded: Math.max(here.unbounded, worst.unbounded),
    variable: Math.max(here.variable, worst.variable),
  };
  group.here = emptyBranch();
  return group;
}

function addQuantifier(branch: Branch, quantifier: string): 'fixed' | 'small' | 'unbounded' {
  const [, least, comma, most] = /^\{(\d*)(,?)(\d*)\}/.exec(quantifier) ?? ['', '', ',', ''];
  const isOptional = quantifier.startsWith('?');
  if (!comma && !isOptional) return 'fixed';
  branch.variable += isOptional ? 1 : 2;
  if (isOptional || (most && Number(most) - Number(least) <= SMALL_COUNT)) return 'small';
  branch.unbounded++;
  return 'unbounded';
}

function endOfClass(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') at++;
    else if (char === '[') depth++;
    else if (char === ']' && --depth === 0) return at;
  }
  return source.length;
}
