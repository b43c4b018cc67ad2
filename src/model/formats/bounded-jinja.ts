import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';

/**
 * Jinja from anywhere, run within bounds. `@huggingface/jinja` interprets the syntax tree and knows no limit: a few
 * characters make it count, recurse or double a text for ever.
 */

/** A template that is no Jinja, does not end, or refuses the messages; the message says which. */
export class ChatTemplateError extends Error {
  override name = 'ChatTemplateError';
}

/** The longest known template (gpt-oss) has 17,000 characters. */
const MAX_SOURCE = 2 ** 16;
/** Templates take some 5 ms; what one builtin does beyond the deadline is bounded by the sizes below. */
const DEADLINE_MS = 1000;
/** The template sees placeholders for what messages say, so that neither grows with an item. */
const MAX_CHARACTERS = 2 ** 14;
const MAX_VALUES = 4096;

/**
 * @returns a function from variables to the rendered text.
 * @throws ChatTemplateError, and so does the function.
 */
export function compileJinja(source: string): (variables: Record<string, unknown>) => string {
  if (source.length > MAX_SOURCE)
    throw new ChatTemplateError(`The chat template has more than ${MAX_SOURCE} characters.`);
  // The lexer's search for {% generation %} takes quadratic time in a run of white space.
  if (/\s{1000}/.test(source)) throw new ChatTemplateError('The chat template has a run of 1,000 spaces.');
  // As transformers sets Jinja up.
  const options = { lstrip_blocks: true, trim_blocks: true };
  const program = guarded('cannot be read', () => {
    const parsed = parse(tokenize(source, options));
    refuseForgetfulLoops(parsed.body);
    return parsed;
  });
  return (variables) =>
    guarded('failed', () => {
      const environment = new Environment();
      for (const [name, value] of Object.entries({ ...CONSTANTS, ...variables }))
        environment.set(name, value);
      return new BoundedInterpreter(environment).run(program).value as string;
    });
}

const CONSTANTS = { true: true, True: true, false: false, False: false, none: null, None: null, range };

function guarded<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof ChatTemplateError) throw cause;
    const reason = cause instanceof RangeError ? 'it nests or grows too far' : (cause as Error).message;
    throw new ChatTemplateError(`The model's chat template ${what}: ${reason}.`, { cause });
  }
}

type Evaluated = ReturnType<Interpreter['evaluate']>;

/**
 * Every expression and statement passes through `evaluate`: there the clock is read, and each value is measured before
 * any builtin can work on it. Loops, recursion and texts or lists that double themselves all end here.
 */
class BoundedInterpreter extends Interpreter {
  #end = performance.now() + DEADLINE_MS;

  override evaluate(...args: Parameters<Interpreter['evaluate']>): Evaluated {
    if (performance.now() > this.#end)
      throw new ChatTemplateError(`The model's chat template did not end within ${DEADLINE_MS} ms.`);
    const value = super.evaluate(...args);
    measure(value);
    return value;
  }
}

/** Counts values and characters, those inside of lists and mappings as often as they would be written out. */
function measure(value: Evaluated): void {
  let characters = 0;
  let values = 0;
  const visit = (inner: Evaluated | undefined) => {
    values++;
    const content: unknown = inner?.value;
    if (typeof content === 'string') characters += content.length;
    if (characters > MAX_CHARACTERS || values > MAX_VALUES)
      throw new ChatTemplateError("The model's chat template makes a text or a list that is too long.");
    if (Array.isArray(content)) (content as Evaluated[]).forEach(visit);
    if (content instanceof Map) (content as Map<string, Evaluated>).forEach(visit);
  };
  visit(value);
}

/** Python's `range`; its length is known before a single number is made. */
function range(first: unknown, second?: unknown, third?: unknown): number[] {
  const [start, stop] = typeof second === 'number' ? [Number(first), second] : [0, Number(first)];
  const step = typeof third === 'number' ? third : 1;
  const length = Math.ceil((stop - start) / step);
  if (!(length <= MAX_VALUES)) throw new ChatTemplateError("The model's chat template counts too far.");
  return Array.from({ length: Math.max(length, 0) }, (_, index) => start + index * step);
}

// ---- what the library does not do as Jinja does ------------------------------------------------------------------

type Statement = NonNullable<Parameters<Interpreter['evaluate']>[0]>;
type Body = readonly Statement[];

interface Branching {
  body?: Body;
  alternate?: Body;
  defaultBlock?: Body;
}

const SILENT = new Set(['Set', 'Macro', 'Comment', 'Break', 'Continue']);

/**
 * At `continue` and `break` the library forgets what this turn of the loop has written so far; Jinja keeps it. A
 * template that writes before it continues would lose text without a word, so it is refused.
 */
function refuseForgetfulLoops(body: Body, written = false): boolean {
  for (const statement of body) {
    const { body: inner = [], alternate = [], defaultBlock = [] } = statement as Branching;
    const isControl = statement.type === 'Continue' || statement.type === 'Break';
    if (isControl && written)
      throw new ChatTemplateError('The chat template writes before it continues or leaves a loop.');
    if (statement.type === 'If') {
      const branches = [inner, alternate].map((branch) => refuseForgetfulLoops(branch, written));
      written = branches.includes(true);
    } else {
      for (const block of [inner, defaultBlock]) refuseForgetfulLoops(block);
      written ||= !SILENT.has(statement.type);
    }
  }
  return written;
}
