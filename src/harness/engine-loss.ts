/** What can take an engine away while it works. */
export type EngineLoss =
  /** An uncaught error in a worker, or a worker that did not start. */
  | 'worker-crashed'
  /** A worker that has not answered for three times as long as it said it would take. */
  | 'worker-silent'
  /** The graphics device, or the process that owns it, is gone. */
  | 'device-lost'
  | 'gpu-memory'
  | 'wasm-memory'
  /** The page ended it, because it would not stop in time. Nothing is wrong with the engine. */
  | 'ended';

const WHAT: Record<EngineLoss, string> = {
  'worker-crashed': 'A worker of the engine failed.',
  'worker-silent': 'A worker of the engine stopped answering.',
  'device-lost': 'The graphics device was taken away (sleep, a driver that restarted, or too much memory).',
  'gpu-memory': 'The graphics device has no memory left for this judge.',
  'wasm-memory':
    'The engine’s memory is full: a WebAssembly memory ends at 4 GB, or this device has no more.',
  ended: 'The engine was ended.',
};

/**
 * Thrown by every call of an engine that is gone, whether it waited then or came later. What was stored is safe; a new
 * engine goes on from there.
 */
export class EngineLostError extends Error {
  override name = 'EngineLostError';
  constructor(
    readonly loss: EngineLoss,
    /** What the browser or the worker said of it; '' where nothing did. */
    readonly detail = '',
  ) {
    super(detail ? `${WHAT[loss]} (${detail})` : WHAT[loss]);
  }
}
