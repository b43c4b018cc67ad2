import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface LineSpeed {
  bitsPerSecond: number;
  /** Milliseconds there and back. */
  roundTrip: number;
}

/**
 * A line of limited speed in front of a server: a TCP proxy. All connections share the bandwidth; each takes one round
 * trip to be made (TCP's handshake) and half of one each way. Chromium's own throttling, by its debugging protocol,
 * does not reach the requests of workers, and they fetch half of this page.
 */
export class SlowLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #speed: LineSpeed;
  /** When the last byte that was promised a place on the line will have left it. */
  #free = 0;
  /** Bytes that came down the line: headers and bodies. */
  received = 0;

  private constructor(port: number, speed: LineSpeed) {
    this.#speed = speed;
    this.#server = createServer((near) => this.#join(near, connect(port, '127.0.0.1')));
  }

  static async open(port: number, speed: LineSpeed): Promise<SlowLine> {
    const line = new SlowLine(port, speed);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #join(near: Socket, far: Socket): void {
    const { roundTrip } = this.#speed;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => this.#sockets.delete(socket));
    }
    const opened = performance.now();
    void forward(near, far, () => Math.max(opened + roundTrip, performance.now()) + roundTrip / 2);
    void forward(far, near, (bytes) => this.#book(bytes) + roundTrip / 2);
  }

  /** @returns when so many bytes have passed the narrowest place */
  #book(bytes: number): number {
    this.received += bytes;
    this.#free = Math.max(this.#free, performance.now()) + (bytes * 8000) / this.#speed.bitsPerSecond;
    return this.#free;
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** Passes bytes on, in order, each chunk when it has arrived at the other end of the line. */
async function forward(from: Socket, to: Socket, arrival: (bytes: number) => number): Promise<void> {
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      await wait(Math.max(0, arrival(chunk.length) - performance.now()));
      if (!to.writable) return;
      to.write(chunk);
    }
    to.end();
  } catch {
    to.destroy();
  }
}
