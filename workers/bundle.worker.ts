/**
 * Projects become files and come from files here, away from the page. The page cancels by ending this worker: what was
 * stored of a file by then belongs to nothing that is seen, and is swept (`src/store/unfinished-imports.ts`).
 */
import './lockdown.ts';
import { expose } from 'comlink';
import { readRuns, type FileRuns } from '../src/share/bundle/bundle-runs.ts';
import { checkBundle, type Checked, type Contents } from '../src/share/bundle/check-bundle.ts';
import { importBundle, type Imported } from '../src/share/bundle/import-bundle.ts';
import { readItems, type FileItems } from '../src/share/bundle/items-of-bundle.ts';
import { projectsWithSameData, type Target } from '../src/share/bundle/merge-plan.ts';
import type { Saved } from '../src/share/bundle/project-records.ts';
import { Bundle } from '../src/share/bundle/read-bundle.ts';
import { saveProject } from '../src/share/bundle/save-project.ts';
import { Connection } from '../src/store/connection.ts';

type Report = (done: number, total: number) => void;

/** A file that was looked through, and where it can go. */
export interface OpenedBundle {
  contents: Contents;
  /** Projects in this browser that have the same data. */
  same: { id: string; name: string }[];
}

let opened: { bundle: Bundle; checked: Checked } | null = null;

const bundleWork = {
  save: (saved: Saved, appVersion: string, report: Report): Promise<Blob> =>
    connected((connection) => saveProject(connection, saved, appVersion, nowAndThen(report))),

  /** Looks at every byte of a file, and stores nothing. @throws BundleError */
  async open(file: Blob, report: Report): Promise<OpenedBundle> {
    const bundle = await Bundle.open(file);
    const told = nowAndThen(report);
    const checked = await checkBundle(bundle, (done) => told(done, bundle.bytes));
    opened = { bundle, checked };
    const { project } = bundle.manifest;
    const same = await connected((connection) => projectsWithSameData(connection, project, checked));
    return { contents: checked.contents, same: same.map(({ id, name }) => ({ id, name })) };
  },

  /** Stores the file that is open. */
  store(target: Target, report: Report): Promise<Imported> {
    if (!opened) throw new Error('No file is open.');
    const { bundle, checked } = opened;
    const told = nowAndThen(report);
    return connected((connection) =>
      importBundle(connection, bundle, checked, target, (done) => told(done, bundle.bytes)),
    );
  },

  /** The runs in a file, for comparing; nothing else of it is read. @throws BundleError */
  runs: (file: Blob): Promise<FileRuns> => readRuns(file),

  /** The items in a file, for repeating what was found with them; nothing else of it is read. @throws BundleError */
  items: (file: Blob): Promise<FileItems> => readItems(file),
};

export type BundleWork = typeof bundleWork;

async function connected<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.open();
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

const REPORT_MS = 50;

/** Not more often than a person sees it: each report is a message to the page. */
function nowAndThen(report: Report): Report {
  let last = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - last < REPORT_MS && done < total) return;
    last = now;
    report(done, total);
  };
}

expose(bundleWork);
