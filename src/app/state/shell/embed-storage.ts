/**
 * Imported before all that stores anything. In a frame nothing is kept: storage is refused there as browsers refuse it in
 * some private windows, so the page works in memory by the way that it has for those, and frames beside each other share
 * nothing.
 */
import { embed, isFramed } from './embed.ts';

const STORES = ['indexedDB', 'localStorage', 'sessionStorage', 'caches'] as const;

function refuse(): never {
  throw new DOMException('In a frame nothing is stored.', 'SecurityError');
}

if (embed || isFramed) {
  for (const name of STORES) Object.defineProperty(globalThis, name, { get: refuse, configurable: true });
  Object.defineProperty(navigator, 'storage', { get: refuse, configurable: true });
}
