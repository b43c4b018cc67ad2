import type { Unreadable } from '../../../store/connection.ts';
import { unreadableInWords } from '../../../store/readable.ts';
import { toasts } from '../shell/toasts.svelte.ts';

/** Records that this page has told of. */
const told = new Set<string>();

/** Says what of the stored data was left out: of each record once, however often it is read. */
export function sayUnreadable(records: readonly Unreadable[]): void {
  const isNew = ({ store, id }: Unreadable) => !told.has(`${store}/${id}`);
  for (const [store, group] of Map.groupBy(records.filter(isNew), (one) => one.store)) {
    for (const { id } of group) told.add(`${store}/${id}`);
    toasts.fail(unreadableInWords(store, group.length));
  }
}
