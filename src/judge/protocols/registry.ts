import type { PointProtocol } from '../protocol.ts';
import { fewShotPoint } from './few-shot.ts';
import { nanoPoint } from './nano.ts';
import { prometheusAbsolute } from './prometheus.ts';

/** Every way of asking for one score, by its id. A judgment names the protocol that reads it. */
export const PROTOCOLS: Readonly<Record<string, PointProtocol>> = {
  [nanoPoint.id]: nanoPoint,
  [prometheusAbsolute.id]: prometheusAbsolute,
  [fewShotPoint.id]: fewShotPoint,
};

/** Thrown when a record names a protocol that this version does not know. */
export class UnknownProtocolError extends Error {
  override name = 'UnknownProtocolError';
  constructor(id: string) {
    super(
      `There is no judging protocol "${id}" in this version. Known: ${Object.keys(PROTOCOLS).join(', ')}.`,
    );
  }
}

/** @throws UnknownProtocolError */
export function protocolById(id: string): PointProtocol {
  const protocol = Object.hasOwn(PROTOCOLS, id) ? PROTOCOLS[id] : undefined;
  if (!protocol) throw new UnknownProtocolError(id);
  return protocol;
}
