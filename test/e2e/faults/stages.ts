import type { Page } from 'playwright';
import { doneOf, ended, fillIn, job, openNewRun, startRun, type RunForm } from './run.ts';
import { keptJobs } from './records.ts';
import type { Session } from './session.ts';

/** A stage of the work: how a session comes into the middle of it, and how one sees that the work has ended. */
export interface Stage {
  name: string;
  /** Where the page shows this work. */
  route: string;
  reach: (session: Session, form: RunForm) => Promise<void>;
  /** What was held back to stay in the stage goes on; after the fault. */
  release?: (session: Session) => void;
  ended: (page: Page) => Promise<void>;
}

const ofRun = { route: '#/improve', ended };

/** A stage that counts: it is reached when its bar has moved. */
function counted(name: string, bar: string): Stage {
  return {
    ...ofRun,
    name,
    reach: async ({ page, address }, form) => {
      await startRun(page, address, form);
      await doneOf(page, bar);
    },
  };
}

const held = new WeakMap<Session, () => void>();

/** What is promised of a killed browser is what was stored, and that is done every two seconds at least. */
async function keptWithin(page: Page, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  while ((await keptJobs(page)) === 0)
    if (performance.now() > until) throw new Error(`No job was stored within ${milliseconds} ms.`);
}

const makingReady: Stage = {
  ...ofRun,
  name: 'making ready',
  // The project's items are there: what is missing is the judge, whose weights are held back by the server.
  reach: async (session, form) => {
    const { page, server, address } = session;
    await openNewRun(page, address);
    await page.waitForFunction(() => localStorage.getItem('judge-playground.project') !== null, null, {
      timeout: 60_000,
    });
    const { reached, release } = server.hold(/\.safetensors$/);
    held.set(session, release);
    await page.reload();
    await page.getByRole('button', { name: 'Run all' }).waitFor();
    await fillIn(page, form);
    await page.getByRole('button', { name: 'Run all' }).click();
    await reached;
    await job(page).waitFor();
    await keptWithin(page, 2000);
  },
  release: (session) => held.get(session)?.(),
};

/** How long the page stands still when it stores the first pairs, so that a test can reach it there. */
const STANDSTILL_MS = 1500;

const curation: Stage = {
  ...ofRun,
  name: 'curation',
  // Pairs are built in a few milliseconds: the page is made to stand still while it stores the first of them.
  reach: async ({ page, address }, form) => {
    const reached = page.waitForEvent('console', {
      predicate: (message) => message.text() === 'storing pairs',
      timeout: 120_000,
    });
    await page.addInitScript((milliseconds) => {
      const put = Reflect.get(IDBObjectStore.prototype, 'put') as (
        ...args: unknown[]
      ) => IDBRequest<IDBValidKey>;
      let stood = false;
      IDBObjectStore.prototype.put = function (...args) {
        const request = put.apply(this, args);
        if (this.name === 'pairs' && !stood && !sessionStorage.getItem('stood')) {
          stood = true;
          sessionStorage.setItem('stood', 'yes');
          console.log('storing pairs');
          const until = performance.now() + milliseconds;
          while (performance.now() < until);
        }
        return request;
      };
    }, STANDSTILL_MS);
    // The script comes with a document; where the app is open already, another route of it would bring none.
    await page.goto('about:blank');
    await startRun(page, address, form);
    await reached;
  },
};

/** The uncertainty lab on few items. */
const LAB_FORM = { Items: 60, 'Judgments of each': 6 };

const labResults = (page: Page) => page.getByRole('region', { name: 'What it shows' });

const lab: Stage = {
  name: 'a lab’s judging',
  route: '#/labs/uncertainty',
  reach: async ({ page, address }) => {
    await page.goto(`${address}#/labs/uncertainty`);
    await fillIn(page, LAB_FORM);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await doneOf(page, null);
  },
  ended: async (page) => {
    await labResults(page).getByRole('table').first().waitFor({ timeout: 120_000 });
  },
};

export const SAMPLING = counted('sampling', 'Sampling rationales');
export const TRAINING = counted('training', 'Training with DPO');
export const EVALUATION = counted('evaluation', 'Judging held-out items');
export const MAKING_READY = makingReady;
export const CURATION = curation;
export const LAB = lab;

/** Every stage of long work but the download, which has no engine and is tried for itself. */
export const STAGES: readonly Stage[] = [MAKING_READY, SAMPLING, CURATION, TRAINING, EVALUATION, LAB];

/** The work of a stage from its beginning to its end, with nothing in its way. */
export async function uninterrupted(stage: Stage, session: Session, form: RunForm): Promise<void> {
  if (stage === LAB) await LAB.reach(session, form);
  else await startRun(session.page, session.address, form);
  await stage.ended(session.page);
}
