/** Thrown when the browser has no room left for this site. Nothing of the failed write is kept. */
export class StorageFullError extends Error {
  override name = 'StorageFullError';
  constructor(options?: ErrorOptions) {
    super(
      'The browser has no room left for this site, so the last result could not be stored; everything before it is ' +
        'safe. Make room by deleting what is no longer needed, then go on.',
      options,
    );
  }
}

/** Thrown when the database was made by a newer version of this page. */
export class NewerDatabaseError extends Error {
  override name = 'NewerDatabaseError';
  constructor(options?: ErrorOptions) {
    super('Your data were stored by a newer version of this page. Reload to get that version.', options);
  }
}

/** Thrown when a newer version of this page, in another tab, has taken the database over. */
export class OutdatedPageError extends Error {
  override name = 'OutdatedPageError';
  constructor(options?: ErrorOptions) {
    super(
      'A newer version of this page is open in another tab and has taken over the stored data. Reload this page to ' +
        'go on with that version; what was stored is safe.',
      options,
    );
  }
}

/** Thrown when another tab keeps an older version of the database open and nobody waits for it. */
export class DatabaseBlockedError extends Error {
  override name = 'DatabaseBlockedError';
  constructor(options?: ErrorOptions) {
    super(
      'Another tab of this page holds the stored data in an older version. Close or reload that tab, then try again.',
      options,
    );
  }
}

/** Thrown when the database closed under the page, e.g. because the browser ended it and it could not be opened again. */
export class DatabaseClosedError extends Error {
  override name = 'DatabaseClosedError';
  constructor(options?: ErrorOptions) {
    super(
      'The connection to your stored data was closed. Reload the page; what was stored is safe.',
      options,
    );
  }
}

/** Thrown when the browser refuses storage as a whole (some private windows do). */
export class StorageRefusedError extends Error {
  override name = 'StorageRefusedError';
  constructor(options?: ErrorOptions) {
    super(
      'This browser does not let the page store data. Leave private browsing or allow site data.',
      options,
    );
  }
}

type ErrorType = new (options?: ErrorOptions) => Error;

const IN_WORDS: Readonly<Record<string, ErrorType>> = {
  QuotaExceededError: StorageFullError,
  VersionError: NewerDatabaseError,
  InvalidStateError: DatabaseClosedError,
  SecurityError: StorageRefusedError,
};

/** Runs a piece of database work; what the browser throws comes out in words. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const Known = cause instanceof DOMException ? IN_WORDS[cause.name] : undefined;
    throw Known ? new Known({ cause }) : cause;
  }
}
