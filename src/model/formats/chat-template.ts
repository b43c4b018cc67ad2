import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';

/**
 * A model's own chat template: Jinja source that turns messages into the text the model was trained on
 * (transformers, `apply_chat_template`). The source comes with the model, from anywhere, so it is run within bounds.
 */

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Rendered text, in order: what the template wrote, and what a message says. */
export interface ChatPiece {
  text: string;
  from: 'template' | 'message';
}

export interface RenderOptions {
  /** Whether to open the turn that the model is to write. */
  addGenerationPrompt: boolean;
  /** Empty where the model has none. */
  bosToken: string;
  eosToken: string;
  /** What `strftime_now` says. */
  now?: Date;
}

/** @throws ChatTemplateError */
export type ChatTemplate = (messages: readonly ChatMessage[], options: RenderOptions) => ChatPiece[];

/** A template that is no Jinja, does not end, or refuses the messages; the message says which. */
export class ChatTemplateError extends Error {
  override name = 'ChatTemplateError';
}

/** The longest known template (gpt-oss) has 17,000 characters. */
const MAX_SOURCE = 2 ** 16;
/** Templates take some 5 ms; what one builtin does beyond the deadline is bounded by the sizes below. */
const DEADLINE_MS = 1000;
const MAX_CHARACTERS = 2 ** 14;
const MAX_VALUES = 4096;

/**
 * The day a template is told where it asks. A prompt must be the same tomorrow, when a run continues, so it is not
 * today: it is the day that Llama 3.2's template falls back to.
 */
const FIXED_DAY = new Date(Date.UTC(2024, 6, 26));

/** The template of a tokenizer_config.json: one, or the one named "default" among several. */
export function templateOf(entry: unknown): string | null {
  if (typeof entry === 'string') return entry;
  if (!Array.isArray(entry)) return null;
  const named = entry as { name?: unknown; template?: unknown }[];
  const template = named.find((one) => one?.name === 'default')?.template;
  return typeof template === 'string' ? template : null;
}

/** @throws ChatTemplateError when the source is no Jinja. */
export function parseChatTemplate(source: string): ChatTemplate {
  if (source.length > MAX_SOURCE)
    throw new ChatTemplateError(`The chat template has more than ${MAX_SOURCE} characters.`);
  // The lexer's search for {% generation %} takes quadratic time in a run of white space.
  if (/\s{1000}/.test(source)) throw new ChatTemplateError('The chat template has a run of 1,000 spaces.');
  const program = guarded('cannot be read', () =>
    parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true })),
  );
  return (messages, options) => {
    const placeholders = messages.map(({ content }, index) => placeholderFor(content, index));
    const text = guarded('failed', () => {
      const environment = environmentFor(messages, placeholders, options);
      return new BoundedInterpreter(environment).run(program).value as string;
    });
    return piecesOf(text, messages, placeholders);
  };
}

function guarded<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof ChatTemplateError) throw cause;
    const reason = cause instanceof RangeError ? 'it nests or grows too far' : (cause as Error).message;
    throw new ChatTemplateError(`The model's chat template ${what}: ${reason}.`, { cause });
  }
}

// ---- running within bounds -------------------------------------------------------------------------------------

type Evaluated = ReturnType<Interpreter['evaluate']>;

/**
 * Every expression and statement passes through `evaluate`: there the clock is read, and each value is measured before
 * any builtin can work on it. Loops, recursion and strings or lists that double themselves all end here.
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
  const visit = (inner: Evaluated) => {
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

function environmentFor(
  messages: readonly ChatMessage[],
  placeholders: readonly string[],
  { addGenerationPrompt, bosToken, eosToken, now = FIXED_DAY }: RenderOptions,
): Environment {
  const environment = new Environment();
  const variables = {
    messages: messages.map(({ role }, index) => ({ role, content: placeholders[index] })),
    add_generation_prompt: addGenerationPrompt,
    bos_token: bosToken,
    eos_token: eosToken,
    tools: null,
    documents: null,
    true: true,
    True: true,
    false: false,
    False: false,
    none: null,
    None: null,
    range,
    strftime_now: (format: unknown) => formatDate(now, String(format)),
    raise_exception: (reason: unknown) => {
      throw new ChatTemplateError(`The model's chat template refuses these messages: ${String(reason)}`);
    },
  };
  for (const [name, value] of Object.entries(variables)) environment.set(name, value);
  return environment;
}

/** Python's `range`; its length is known before a single number is made. */
function range(first: unknown, second?: unknown, third?: unknown): number[] {
  const [start, stop] = typeof second === 'number' ? [Number(first), second] : [0, Number(first)];
  const step = typeof third === 'number' ? third : 1;
  const length = Math.ceil((stop - start) / step);
  if (!(length <= MAX_VALUES)) throw new ChatTemplateError("The model's chat template counts too far.");
  return Array.from({ length: Math.max(length, 0) }, (_, index) => start + index * step);
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']; // prettier-ignore
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Python's `strftime` in English, whatever the page's language; the library's own speaks the browser's. */
function formatDate(date: Date, format: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const month = MONTHS[date.getUTCMonth()]!;
  const day = DAYS[date.getUTCDay()]!;
  const parts: Record<string, string> = {
    Y: String(date.getUTCFullYear()),
    y: two(date.getUTCFullYear() % 100),
    m: two(date.getUTCMonth() + 1),
    d: two(date.getUTCDate()),
    H: two(date.getUTCHours()),
    M: two(date.getUTCMinutes()),
    S: two(date.getUTCSeconds()),
    B: month,
    b: month.slice(0, 3),
    A: day,
    a: day.slice(0, 3),
    '%': '%',
  };
  return format.replace(/%([A-Za-z%])/g, (whole, letter: string) => parts[letter] ?? whole);
}

// ---- telling the template's text from the messages' --------------------------------------------------------------

/**
 * The template sees a placeholder for what a message says: a name between two private characters, and a wide space
 * where the text has white space at its edge, so that a template's `trim` shows by taking it away. An empty text stays
 * empty, since templates ask for that.
 */
const OPEN = '\uDBFF\uDFF0';
const CLOSE = '\uDBFF\uDFF1';
const EDGE = '\u2003';
const PLACEHOLDER = new RegExp(`(${EDGE}?)${OPEN}(\\d+)${CLOSE}(${EDGE}?)`, 'u');

/** White space as Python's `str.strip` sees it: with the four separators and U+0085, without U+FEFF. */
const SPACE = /[^\S\ufeff]|[\u001c-\u001f\u0085]/;

/** No pattern over the whole text: it would look back from every run of spaces within. */
function edgesOf(content: string): { leading: string; core: string; trailing: string } {
  let start = 0;
  let end = content.length;
  while (start < end && SPACE.test(content[start]!)) start++;
  while (end > start && SPACE.test(content[end - 1]!)) end--;
  return { leading: content.slice(0, start), core: content.slice(start, end), trailing: content.slice(end) };
}

function placeholderFor(content: string, index: number): string {
  if (content === '') return '';
  const { leading, trailing } = edgesOf(content);
  return `${leading && EDGE}${OPEN}${index}${CLOSE}${trailing && EDGE}`;
}

function piecesOf(
  text: string,
  messages: readonly ChatMessage[],
  placeholders: readonly string[],
): ChatPiece[] {
  const cut = text.split(PLACEHOLDER);
  const pieces: ChatPiece[] = [];
  const seen = new Set<number>();
  for (let at = 0; at < cut.length; at += 4) {
    if (cut[at]) pieces.push({ text: cut[at]!, from: 'template' });
    if (at + 1 >= cut.length) break;
    const index = Number(cut[at + 2]);
    const message = messages[index];
    if (!message) throw new ChatTemplateError("The model's chat template forges a message.");
    const { leading, core, trailing } = edgesOf(message.content);
    const kept = (edge: string, space: string) => (edge === EDGE ? space : '');
    pieces.push({ text: kept(cut[at + 1]!, leading) + core + kept(cut[at + 3]!, trailing), from: 'message' });
    seen.add(index);
  }
  const lost = placeholders.findIndex((placeholder, index) => placeholder !== '' && !seen.has(index));
  if (lost >= 0)
    throw new ChatTemplateError(
      `The model's chat template leaves out or rewrites what message ${lost + 1} (${messages[lost]!.role}) says.`,
    );
  return pieces;
}
