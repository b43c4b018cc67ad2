import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { Schema } from './schema.ts';

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/** Brings a database from the version before to the next. Runs inside the upgrade transaction: no other awaits. */
type Migration = (database: IDBPDatabase<Schema>, upgrade: Upgrade) => void;

/**
 * Version n of the database is what the first n migrations make of an empty one. A migration that was released
 * never changes; a new layout is a new migration at the end.
 */
export const MIGRATIONS: readonly Migration[] = [createStores, indexVerdicts, addAdapters, addLabs];

function createStores(database: IDBPDatabase<Schema>): void {
  database.createObjectStore('projects', { keyPath: 'id' });
  database.createObjectStore('items', { keyPath: ['projectId', 'split', 'position'] });
  database.createObjectStore('runs', { keyPath: 'id' }).createIndex('byProject', 'projectId');
  database.createObjectStore('rounds', { keyPath: ['runId', 'number'] });
  database.createObjectStore('judgments', { keyPath: ['scope', 'itemId', 'sample'] });
  database.createObjectStore('tokens', { keyPath: 'id' });
  database.createObjectStore('pairs', { keyPath: ['runId', 'round', 'position'] });
  database.createObjectStore('decisions', { keyPath: ['runId', 'round', 'key'] });
  database.createObjectStore('references', { keyPath: ['policy', 'judgmentId'] });
  database.createObjectStore('policies', { keyPath: 'hash' });
  database.createObjectStore('trainingStates', { keyPath: ['runId', 'round'] });
  database.createObjectStore('steps', { keyPath: ['runId', 'round', 'step'] });
  database.createObjectStore('snapshots', { keyPath: ['runId', 'round', 'step'] });
}

/** Verdicts can be counted and found without reading the texts. */
function indexVerdicts(_database: IDBPDatabase<Schema>, upgrade: Upgrade): void {
  const judgments = upgrade.objectStore('judgments');
  judgments.createIndex('byVerdict', ['scope', 'verdict.kind']);
  // A failed verdict has no score, and IndexedDB leaves records without the key out of the index.
  judgments.createIndex('byScore', ['scope', 'verdict.score']);
}

/** LoRA adapters from elsewhere, which a reader put on a model. */
function addAdapters(database: IDBPDatabase<Schema>): void {
  database.createObjectStore('adapters', { keyPath: 'id' });
}

/** Runs of labs, and numbers that were read off a judge, by what decided them. */
function addLabs(database: IDBPDatabase<Schema>): void {
  database.createObjectStore('readings', { keyPath: ['scope', 'key'] });
  database.createObjectStore('labRuns', { keyPath: 'id' }).createIndex('byProject', 'projectId');
}
