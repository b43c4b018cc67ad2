import type { CDPSession, Page } from 'playwright';

interface Attached {
  sessionId: string;
  targetInfo: { url: string };
}

interface Answer {
  id?: number;
  result?: {
    result: { value: unknown };
    exceptionDetails?: { text: string; exception?: { description?: string } };
  };
}

/**
 * Evaluates in the page's real workers, as a debugger does. The test library's own `worker.evaluate` needs `eval`, which our
 * workers do not have.
 */
export class WorkerConsole {
  readonly #session: CDPSession;
  readonly #workers: Attached[] = [];
  #calls = 0;

  private constructor(session: CDPSession) {
    this.#session = session;
    session.on('Target.attachedToTarget', (target) => this.#workers.push(target));
    session.on('Target.detachedFromTarget', ({ sessionId }) => {
      const at = this.#workers.findIndex((worker) => worker.sessionId === sessionId);
      if (at >= 0) this.#workers.splice(at, 1);
    });
  }

  static async of(page: Page): Promise<WorkerConsole> {
    const session = await page.context().newCDPSession(page);
    const console = new WorkerConsole(session);
    // Without `flatten` a worker's messages come through the page's session, the only one that the test library hands out.
    await session.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    });
    return console;
  }

  /** Addresses of the workers that run now. */
  get addresses(): string[] {
    return this.#workers.map(({ targetInfo }) => targetInfo.url);
  }

  /**
   * The value of an expression, awaited, in the first worker whose address has this in it.
   * @throws Error where there is none, or when the expression throws
   */
  async evaluate(address: string, expression: string): Promise<unknown> {
    const worker = this.#workers.find(({ targetInfo }) => targetInfo.url.includes(address));
    if (!worker) throw new Error(`There is no worker ${address}, only ${this.addresses.join(', ')}.`);
    const { sessionId } = worker;
    const id = ++this.#calls;
    const answered = new Promise<Answer>((resolve) => {
      const listen = (event: { sessionId: string; message: string }) => {
        const answer = JSON.parse(event.message) as Answer;
        if (event.sessionId !== sessionId || answer.id !== id) return;
        this.#session.off('Target.receivedMessageFromTarget', listen);
        resolve(answer);
      };
      this.#session.on('Target.receivedMessageFromTarget', listen);
    });
    const params = { expression, awaitPromise: true, returnByValue: true };
    const message = JSON.stringify({ id, method: 'Runtime.evaluate', params });
    await this.#session.send('Target.sendMessageToTarget', { sessionId, message });
    const { result } = await answered;
    if (!result || result.exceptionDetails)
      throw new Error(result?.exceptionDetails?.exception?.description ?? 'The worker did not answer.');
    return result.result.value;
  }
}
