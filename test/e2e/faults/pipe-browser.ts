import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHROMIUM_FLAGS } from '../../../scripts/chromium.ts';
import { killGroup, spawnChromium } from './browser-process.ts';

interface Answer {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** What keeps a test's pages awake; a reader's Chromium has none of it. */
const AGAINST_THROTTLING = /throttling|backgrounding/;

/**
 * A Chromium that no test library drives: the DevTools protocol over a pipe, messages ended by NUL. A test library tells
 * its pages that they are in front and never lets them be frozen; this one behaves as a reader's does.
 */
export class PipeBrowser {
  readonly #process: ChildProcess;
  readonly #toBrowser: Writable;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #sent = 0;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#toBrowser = process.stdio[3] as Writable;
    let rest = '';
    (process.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#receive(JSON.parse(message) as Answer);
    });
  }

  /** Starts on a profile, which belongs to the caller. */
  static start(profile: string, flags: readonly string[] = []): PipeBrowser {
    const common = CHROMIUM_FLAGS.filter((flag) => !AGAINST_THROTTLING.test(flag));
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const;
    return new PipeBrowser(spawnChromium(profile, ['--remote-debugging-pipe', ...flags], [...stdio], common));
  }

  async openTab(url: string): Promise<PipeTab> {
    const { targetId } = await this.send('Target.createTarget', { url });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    return new PipeTab(this, sessionId as string);
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.#sent;
    this.#toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result ?? {});
      });
    });
  }

  kill(): Promise<void> {
    return killGroup(this.#process);
  }

  #receive(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id ?? -1);
    this.#waiting.delete(answer.id ?? -1);
    waiting?.(answer);
  }
}

/** A tab of such a browser. */
export class PipeTab {
  constructor(
    private readonly browser: PipeBrowser,
    private readonly sessionId: string,
  ) {}

  send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    return this.browser.send(method, params, this.sessionId);
  }

  /** Runs a function in the page by its source; it must not refer to anything outside itself. */
  evaluate<T>(work: () => T | Promise<T>): Promise<T> {
    return this.read<T>(`(${work.toString()})()`);
  }

  /** The value of an expression in the page. */
  async read<T>(expression: string): Promise<T> {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', params)) as {
      result: { value: T };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    };
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until an expression in the page is true; a tab that is just opened has no page to ask yet. */
  async until(expression: string, seconds = 60): Promise<void> {
    for (let tries = 0; tries < seconds * 10; tries++) {
      const holds = this.read<boolean>(`Boolean(${expression})`).catch((error: unknown) => {
        if (!String(error).includes('Cannot find default execution context')) throw error;
        return false;
      });
      if (await holds) return;
      await sleep(100);
    }
    const shown = await this.read<string>('document.body.innerText');
    throw new Error(`Not within ${seconds} s: ${expression}. The page shows:\n${shown}`);
  }

  /** Presses the first button whose name begins with this. */
  async press(name: string): Promise<void> {
    const button = `[...document.querySelectorAll('button')].find((one) => one.innerText.trim().startsWith(${JSON.stringify(name)}))`;
    await this.until(button);
    await this.read(`${button}.click()`);
  }
}
