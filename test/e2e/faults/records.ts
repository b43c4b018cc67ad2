/** A page in which a function can be run by its source, whoever drives it. */
export interface Evaluating {
  evaluate<T>(work: () => Promise<T>): Promise<T>;
}

/** What a run left in the store, in a form that two runs of the same settings and seed share. */
export interface RunRecords {
  /** Scope → how many judgments it holds, and a hash of all that they say. */
  judgments: Record<string, { count: number; hash: string }>;
  /** Judgments whose id another one has, or whose tokens are missing or double. */
  doubled: number;
  withoutTokens: number;
  /** Of each round: hash of the trained policy, and whether its weights are stored. */
  policies: { hash: string | null; stored: boolean }[];
  /** DPO losses, step by step. */
  losses: number[];
  /** Results of the rounds as JSON. */
  results: string;
  /** Result of the newest run of a lab as JSON; null where there is none. */
  lab: string | null;
  done: boolean;
}

/** Reads the newest run of the page's database, without the page's own code. */
export async function runRecords(page: Evaluating): Promise<RunRecords> {
  const records = await page.evaluate(readRecords);
  const rounds = JSON.parse(records.results) as ({ [name: string]: unknown } | null)[];
  // How long a thing took is no result.
  const timeless = rounds.map(
    (round) => round && { ...round, seconds: 0, tokensPerSecond: 0, snapshotShare: 0 },
  );
  return { ...records, results: JSON.stringify(timeless) };
}

/** How many judgments are stored, of all scopes together. */
export const storedJudgments = async (page: Evaluating): Promise<number> =>
  (await page.evaluate(stored)).judgments;

/** How many jobs the page would offer to go on with if it ended now. */
export const keptJobs = async (page: Evaluating): Promise<number> => (await page.evaluate(stored)).jobs;

/** Runs in the page, by its source, once the page has opened both databases. */
async function stored() {
  const answer = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(request.error?.message));
    });
  const count = async (name: string, store: string) => {
    const database = await answer(indexedDB.open(name));
    const records = await answer(database.transaction(store).objectStore(store).count());
    database.close();
    return records;
  };
  return {
    judgments: await count('judge-playground', 'judgments'),
    jobs: await count('judge-playground.jobs', 'jobs'),
  };
}

/** Runs in the page, by its source. */
async function readRecords(): Promise<RunRecords> {
  interface Stored {
    id: string;
    created: number;
    scope: string;
    sample: number;
    itemId: string;
    text: string;
    runId: string;
    number: number;
    step: number;
    hash: string;
    policyOut: string | null;
    results: unknown;
    outcome: { result?: unknown } | null;
    metrics: { loss: number };
    cursor: { done: boolean };
  }
  const answer = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(request.error?.message));
    });
  const database = await answer(indexedDB.open('judge-playground'));
  const store = (name: string) => database.transaction(name).objectStore(name);
  const all = (name: string) => answer<Stored[]>(store(name).getAll());
  const keys = (name: string) => answer(store(name).getAllKeys());
  const newest = (records: Stored[]) => records.toSorted((a, b) => b.created - a.created)[0];
  const sha256 = async (text: string) => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  };

  const run = newest(await all('runs'));
  const id = run?.id ?? '';
  const judgments = await all('judgments');
  const tokens = new Set<unknown>(await keys('tokens'));
  const policies = new Set<unknown>(await keys('policies'));
  const rounds = (await all('rounds')).filter(({ runId }) => runId === id);
  const scopes = Object.groupBy(judgments, ({ scope }) => (id ? scope.replaceAll(id, 'RUN') : scope));
  const summaries = Object.entries(scopes).map(async ([scope, found = []]) => {
    const said = found.map(({ itemId, sample, text }) => JSON.stringify([itemId, sample, text]));
    return [scope, { count: found.length, hash: await sha256(said.toSorted().join('\n')) }] as const;
  });
  const ofRun = async (name: string) =>
    (await all(name)).filter(({ runId }) => runId === id).toSorted((a, b) => a.step - b.step);
  const lab = newest(await all('labRuns'));
  const records = {
    judgments: Object.fromEntries(await Promise.all(summaries)),
    doubled: judgments.length - new Set(judgments.map((judgment) => judgment.id)).size,
    withoutTokens: judgments.filter((judgment) => !tokens.has(judgment.id)).length,
    policies: rounds.map(({ policyOut }) => ({ hash: policyOut, stored: policies.has(policyOut) })),
    losses: (await ofRun('steps')).map(({ metrics }) => metrics.loss),
    results: JSON.stringify(rounds.map(({ results }) => results)),
    lab: lab ? JSON.stringify(lab.outcome?.result ?? null) : null,
    done: run?.cursor.done ?? false,
  };
  database.close();
  return records;
}
