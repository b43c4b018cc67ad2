export type StoredState =
  | 'closed'
  | 'opening'
  /** Another tab holds the database in an older version; opening goes on when that tab closes. */
  | 'blocked'
  | 'open'
  /** A newer version of the page, in another tab, has the database now. */
  | 'outdated'
  /** The database was written by a newer version of the page. */
  | 'newer'
  /** The browser stores nothing for this page: records live in memory for this visit. */
  | 'in memory'
  | 'failed';

/** How the stored data stand, for every place of the page at once. The first script has it, so it knows no database. */
class StoredStatus {
  state = $state<StoredState>('closed');
}

export const storedStatus = new StoredStatus();
