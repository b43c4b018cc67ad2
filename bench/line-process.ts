import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process of its own that answers each line of JSON with one line of JSON: `{"result": …}` or `{"error": …}`. */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #stderr = '';

  constructor(command: string, args: string[], env: Record<string, string> = {}) {
    this.#child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr!.on(
      'data',
      (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString()).slice(-2000)),
    );
    this.#child.stdin!.on('error', () => undefined); // it has ended, which `call` sees by the missing answer
    this.#child.on('error', (error) => (this.#stderr += error.message));
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** @throws Error with what the process said last when it ends or fails */
  async call<T>(command: object): Promise<T> {
    this.#child.stdin!.write(JSON.stringify(command) + '\n');
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`The process ended: ${this.#stderr.trim().split('\n').at(-1) ?? ''}`);
    const answer = JSON.parse(value) as { result?: T; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result as T;
  }

  close(): void {
    this.#child.stdin!.end();
    this.#child.kill();
  }
}
