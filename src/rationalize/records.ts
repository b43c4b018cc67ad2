import type { BackendName } from '../tensor/backend-name.ts';
import type { DpoStepMetrics } from '../train/dpo-metrics.ts';
import type { ItemsFacts } from '../data/split.ts';
import type { Spent } from '../harness/meter.ts';
import type { RecordedLoss } from '../harness/recovery.ts';
import type { DeviceUsed } from '../harness/devices-used.ts';
import type { VersionUsed } from '../harness/versions-used.ts';
import type { Pair } from './pair.ts';
import type { RoundResults } from './round-results.ts';
import type { SelfTest } from './self-test.ts';
import type { RunSettings } from './settings.ts';

/** The stages of a run, in order. `before` happens once; the others in every round. */
export const STAGES = ['before', 'sample', 'pairs', 'train', 'evaluate'] as const;
export type Stage = (typeof STAGES)[number];

/** Jobs name their stages by strings; a run's are these. */
export function isStage(stage: string | undefined): stage is Stage {
  return (STAGES as readonly (string | undefined)[]).includes(stage);
}

/** Where a run stands: the stage it is in or will go on with. Round 0 is what happens before the first round. */
export interface Cursor {
  round: number;
  stage: Stage;
  done: boolean;
}

/** One experiment: everything that decides what it does, and how far it got. */
export interface Run {
  id: string;
  projectId: string;
  /** Two words. */
  name: string;
  settings: RunSettings;
  protocol: string;
  /** What it works on; runs from before this was recorded have none. */
  items?: ItemsFacts;
  /** Hash of the judge that it starts from. */
  seedPolicy: string;
  /** The one that it began with. */
  appVersion: string;
  created: number;
  /** When it was put into the bin. */
  deleted?: number;
  cursor: Cursor;
  /** What it ran on, in order; runs from before this was recorded have none. */
  devices?: readonly DeviceUsed[];
  /** Which versions of the app worked on it, in order; runs from before this was recorded have none. */
  versions?: readonly VersionUsed[];
  /** How often its engine was lost, and how. */
  losses?: readonly RecordedLoss[];
}

export interface Round {
  runId: string;
  number: number;
  policyIn: string;
  policyOut: string | null;
  itemIds: string[];
  sample: Spent;
  /** The whole training stage; `tokens` are those of the optimisation steps. */
  train: Spent;
  /** The optimisation steps alone. */
  stepSeconds: number;
  /** Time spent on redrawing the validation items' scores; at most 5 % of the training time. */
  snapshotSeconds: number;
  evaluate: Spent;
  steps: number;
  pairs: number;
  selfTest: SelfTest | null;
  results: RoundResults | null;
  /** Where it was evaluated; rounds from before this was recorded say nothing. */
  evaluatedOn?: BackendName;
}

/** One optimisation step's curves; `step` counts from 1. */
export interface StepRecord {
  step: number;
  metrics: Omit<DpoStepMetrics, 'pairs'>;
}

/** p(1…5) of the snapshot items after `step` optimisation steps. */
export interface Snapshot {
  step: number;
  itemIds: string[];
  /** Row-major: items × 5, each row sums to 1. */
  probabilities: Float32Array;
}

/** A training that can be continued. */
export interface TrainingState {
  /** The pairs it runs over: a decision taken while it is paused does not change its course. */
  pairs: Pair[];
  /** Optimisation steps that the checkpoint has behind it. */
  step: number;
  checkpoint: ArrayBuffer;
}

export function newRound(runId: string, number: number, policyIn: string, itemIds: string[]): Round {
  const nothing = (): Spent => ({ seconds: 0, tokens: 0 });
  return {
    runId,
    number,
    policyIn,
    policyOut: null,
    itemIds,
    sample: nothing(),
    train: nothing(),
    stepSeconds: 0,
    snapshotSeconds: 0,
    evaluate: nothing(),
    steps: 0,
    pairs: 0,
    selfTest: null,
    results: null,
  };
}

/** The scope of the samples of one round of one run. */
export function sampleScope(runId: string, round: number): string {
  return `sample/${runId}/${round}`;
}
