import type { DBSchema } from 'idb';
import type { Item, Split } from '../judge/item.ts';
import type { Decision, ItemPairs } from '../rationalize/pair.ts';
import type { Round, Run, Snapshot, StepRecord, TrainingState } from '../rationalize/records.ts';
import type { JudgmentTokens } from '../harness/judgment-store.ts';
import type { JudgmentRecord, TrainedPolicy } from '../harness/judgment-store.ts';
import type { StoredAdapter } from './adapter-record.ts';
import type { LabRun } from '../harness/lab-run.ts';
import type { Project } from './project.ts';

/** An item in its place in a project. */
export interface StoredItem {
  projectId: string;
  split: Split;
  position: number;
  item: Item;
}

export type StoredJudgment = JudgmentRecord & { scope: string };

/** Weights are kept as blobs: the browser may hold them on disk instead of in memory. */
export type StoredPolicy = Omit<TrainedPolicy, 'weights'> & { weights: Blob };

interface OfRound {
  runId: string;
  round: number;
}

/** The object stores. Compound keys sort records of one run, round or scope next to each other. */
export interface Schema extends DBSchema {
  projects: { key: string; value: Project };
  items: { key: [projectId: string, split: Split, position: number]; value: StoredItem };
  runs: { key: string; value: Run; indexes: { byProject: string } };
  rounds: { key: [runId: string, number: number]; value: Round };
  judgments: {
    key: [scope: string, itemId: string, sample: number];
    value: StoredJudgment;
    indexes: { byVerdict: [scope: string, kind: string]; byScore: [scope: string, score: number] };
  };
  tokens: { key: string; value: JudgmentTokens & { id: string } };
  pairs: {
    key: [runId: string, round: number, position: number];
    value: OfRound & { position: number; made: ItemPairs };
  };
  decisions: {
    key: [runId: string, round: number, key: string];
    value: OfRound & { key: string; decision: Decision };
  };
  references: {
    key: [policy: string, judgmentId: string];
    value: { policy: string; judgmentId: string; sum: number };
  };
  policies: { key: string; value: StoredPolicy };
  trainingStates: {
    key: [runId: string, round: number];
    value: OfRound & Omit<TrainingState, 'checkpoint'> & { checkpoint: Blob };
  };
  steps: { key: [runId: string, round: number, step: number]; value: OfRound & StepRecord };
  readings: {
    key: [scope: string, key: string];
    value: { scope: string; key: string; values: Float32Array };
  };
  labRuns: { key: string; value: LabRun; indexes: { byProject: string } };
  adapters: { key: string; value: StoredAdapter };
  snapshots: { key: [runId: string, round: number, step: number]; value: OfRound & Snapshot };
}
