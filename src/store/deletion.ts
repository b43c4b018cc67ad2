import type { IDBPTransaction } from 'idb';
import type { Connection } from './connection.ts';
import { firstParts } from './first-parts.ts';
import { beginningWith } from './projects.ts';
import type { Schema } from './schema.ts';

/** What is to be deleted, by ids. A project's runs and labs' runs go with it. */
export interface Doomed {
  projects?: readonly string[];
  runs?: readonly string[];
  labRuns?: readonly string[];
}

const STORES = [
  'projects', 'items', 'runs', 'rounds', 'judgments', 'tokens', 'pairs', 'decisions', 'references', 'policies',
  'trainingStates', 'steps', 'snapshots', 'readings', 'labRuns',
] as const; // prettier-ignore
type Deleting = IDBPTransaction<Schema, (typeof STORES)[number][], 'readwrite'>;

const PARTS_OF_RUN = ['rounds', 'pairs', 'decisions', 'trainingStates', 'steps', 'snapshots'] as const;

/**
 * Deletes for good, in one transaction: everything that only these made, and what was judged by judges that nothing
 * else names. Shared judgments go where their items go. It is not asked for room: a deletion makes some.
 */
export function deleteForGood(connection: Connection, doomed: Doomed): Promise<void> {
  return inOneTransaction(connection, (deletion) => deletion.run(doomed));
}

/**
 * Forgets what methods share and what no run names: greedy and shared judgments, readings, and stray policies. It is
 * made again when it is needed, so nothing may be at work meanwhile.
 */
export function forgetShared(connection: Connection): Promise<void> {
  return inOneTransaction(connection, (deletion) => deletion.forgetShared());
}

function inOneTransaction(
  connection: Connection,
  work: (deletion: Deletion) => Promise<void>,
): Promise<void> {
  return connection.use(async (database) => {
    const transaction = database.transaction([...STORES], 'readwrite', { durability: 'strict' });
    try {
      await work(new Deletion(transaction));
    } catch (error) {
      // A deletion by halves would leave records that nothing names.
      transaction.done.catch(() => undefined);
      abort(transaction);
      throw error;
    }
    await transaction.done;
  });
}

class Deletion {
  #parts: { references?: Promise<string[]>; readings?: Promise<string[]> } = {};

  constructor(private readonly transaction: Deleting) {}

  async run({ projects = [], runs = [], labRuns = [] }: Doomed): Promise<void> {
    const { transaction } = this;
    const ownRuns = await this.#ofProjects('runs', projects);
    const ownLabRuns = await this.#ofProjects('labRuns', projects);
    const doomedRuns = new Set([...runs, ...ownRuns]);
    const before = await this.#namedPolicies();
    const items = await this.#itemsOf(projects);
    for (const id of projects) {
      await transaction.objectStore('projects').delete(id);
      await transaction.objectStore('items').delete(beginningWith([id]));
    }
    for (const id of doomedRuns) {
      await transaction.objectStore('runs').delete(id);
      for (const part of PARTS_OF_RUN) await transaction.objectStore(part).delete(beginningWith([id]));
    }
    for (const id of [...labRuns, ...ownLabRuns]) await transaction.objectStore('labRuns').delete(id);
    const after = await this.#namedPolicies();
    const policies = [...before].filter((hash) => !after.has(hash));
    await this.#forgetPolicies(policies);
    await this.#forgetScopes([...doomedRuns], policies);
    if (projects.length > 0) await this.#forgetItems(items, await this.#remainingItems());
  }

  async forgetShared(): Promise<void> {
    const { transaction } = this;
    const judgments = transaction.objectStore('judgments');
    for (const beginning of ['greedy/', 'judged/']) {
      await judgments.delete(IDBKeyRange.bound([beginning], [`${beginning}\uffff`, []]));
      await this.#forgetJudgments(beginning, `${beginning}\uffff`);
    }
    await transaction
      .objectStore('readings')
      .delete(IDBKeyRange.bound(['score-lines/'], ['score-lines/\uffff', []]));
    const named = await this.#namedPolicies();
    const policies = await transaction.objectStore('policies').getAllKeys();
    await this.#forgetPolicies(policies.filter((hash) => !named.has(hash)));
  }

  async #ofProjects(name: 'runs' | 'labRuns', projects: readonly string[]): Promise<string[]> {
    const index = this.transaction.objectStore(name).index('byProject');
    return (await Promise.all(projects.map((id) => index.getAllKeys(id)))).flat();
  }

  /** Hashes of every judge that a run, a round or a lab's run names. */
  async #namedPolicies(): Promise<Set<string>> {
    const { transaction } = this;
    const runs = await transaction.objectStore('runs').getAll();
    const rounds = await transaction.objectStore('rounds').getAll();
    const labRuns = await transaction.objectStore('labRuns').getAll();
    return new Set([
      ...runs.map(({ seedPolicy }) => seedPolicy),
      ...rounds.flatMap(({ policyIn, policyOut }) =>
        policyOut === null ? [policyIn] : [policyIn, policyOut],
      ),
      ...labRuns.flatMap(({ judge, others = [] }) => [
        ...(judge ? [judge.hash] : []),
        ...others.map(({ policy }) => policy),
      ]),
    ]);
  }

  async #itemsOf(projects: readonly string[]): Promise<Set<string>> {
    const stored = this.transaction.objectStore('items');
    const all = await Promise.all(projects.map((id) => stored.getAll(beginningWith([id]))));
    return new Set(all.flat().map(({ item }) => item.id));
  }

  async #remainingItems(): Promise<Set<string>> {
    return new Set((await this.transaction.objectStore('items').getAll()).map(({ item }) => item.id));
  }

  async #forgetPolicies(hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) {
      await this.transaction.objectStore('policies').delete(hash);
      await this.transaction.objectStore('references').delete(beginningWith([hash]));
    }
  }

  /** Judgments that these runs sampled or these judges wrote, and all that was computed of them. */
  async #forgetScopes(runs: readonly string[], policies: readonly string[]): Promise<void> {
    const gone = [
      ...runs.map((id) => `sample/${id}/`),
      ...policies.flatMap((hash) => [`greedy/${hash}/`, `judged/${hash}/`]),
    ];
    const { transaction } = this;
    const judgments = transaction.objectStore('judgments');
    for (const beginning of gone) {
      await judgments.delete(IDBKeyRange.bound([beginning], [`${beginning}\uffff`, []]));
      await this.#forgetJudgments(beginning, `${beginning}\uffff`);
    }
    for (const hash of policies)
      await transaction
        .objectStore('readings')
        .delete(IDBKeyRange.bound([`score-lines/${hash}/`], [`score-lines/${hash}/\uffff`, []]));
  }

  /** Tokens, references and readings of the judgments whose ids lie between these. */
  async #forgetJudgments(first: string, last: string): Promise<void> {
    const { transaction } = this;
    await transaction.objectStore('tokens').delete(IDBKeyRange.bound(first, last));
    for (const name of ['references', 'readings'] as const)
      for (const part of await (this.#parts[name] ??= firstParts(transaction.objectStore(name))))
        await transaction.objectStore(name).delete(IDBKeyRange.bound([part, first], [part, last]));
  }

  /** What other runs asked about items that are no longer there. */
  async #forgetItems(doomed: ReadonlySet<string>, remaining: ReadonlySet<string>): Promise<void> {
    const judgments = this.transaction.objectStore('judgments');
    for (const key of await judgments.getAllKeys()) {
      const [scope, itemId, sample] = key;
      if (!doomed.has(itemId) || remaining.has(itemId)) continue;
      await judgments.delete(key);
      const id = `${scope}/${itemId}/${sample}`;
      await this.#forgetJudgments(id, id);
    }
  }
}

function abort(transaction: Deleting): void {
  try {
    transaction.abort();
  } catch {
    // It is over already: that is what the error was about.
  }
}
