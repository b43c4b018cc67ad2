import { ChatTemplateError, compileJinja } from './bounded-jinja.ts';

export { ChatTemplateError };

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
  const run = compileJinja(source);
  return (messages, options) => {
    const placeholders = messages.map(({ content }, index) => placeholderFor(content, index));
    return piecesOf(run(variablesFor(messages, placeholders, options)), messages, placeholders);
  };
}

/** What transformers gives to a template. */
function variablesFor(
  messages: readonly ChatMessage[],
  placeholders: readonly string[],
  { addGenerationPrompt, bosToken, eosToken, now = FIXED_DAY }: RenderOptions,
): Record<string, unknown> {
  return {
    messages: messages.map(({ role }, index) => ({ role, content: placeholders[index] })),
    add_generation_prompt: addGenerationPrompt,
    bos_token: bosToken,
    eos_token: eosToken,
    tools: null,
    documents: null,
    strftime_now: (format: unknown) => formatDate(now, String(format)),
    raise_exception: (reason: unknown) => {
      throw new ChatTemplateError(`The model's chat template refuses these messages: ${String(reason)}`);
    },
  };
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
