import type { DeviceInfo } from '../../workers/protocol.ts';

/** A device that a run was on, and since when. */
export interface DeviceUsed extends Pick<DeviceInfo, 'backend' | 'device'> {
  /** Milliseconds since 1970. */
  since: number;
}

/** The devices of a run, with the one that it goes on with now. */
export function devicesUsed(
  known: readonly DeviceUsed[] = [],
  { backend, device }: DeviceInfo,
): readonly DeviceUsed[] {
  const last = known.at(-1);
  if (last?.backend === backend && last.device === device) return known;
  return [...known, { backend, device, since: Date.now() }];
}
