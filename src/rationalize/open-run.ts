import { newId } from '../harness/new-id.ts';
import { factsOf, type ItemsFacts } from '../data/split.ts';
import type { Split } from '../judge/item.ts';
import { inSlices } from '../judge/steps.ts';
import { twoWordName } from '../harness/names.ts';
import type { Run } from './records.ts';
import type { RationalizeOptions } from './options.ts';
import { checkSettings, SettingsError } from './settings.ts';
import { APP_VERSION } from '../harness/app-version.ts';
import { devicesUsed } from '../harness/devices-used.ts';
import { differenceOf } from '../harness/fields.ts';
import { mergedLosses } from '../harness/recovery.ts';
import { versionsUsed, type VersionUsed } from '../harness/versions-used.ts';
import type { RunBench } from './events.ts';

/** Thrown when a run is continued with another judge than the one it began with. */
export class OtherJudgeError extends Error {
  override name = 'OtherJudgeError';
  constructor(run: Run, loaded: string) {
    super(
      `The run "${run.name}" began with the judge ${run.seedPolicy}, but ${loaded} is loaded. ` +
        'Load that judge to go on, or start a new run.',
    );
  }
}

/** Thrown when a run is continued with another way of asking than the one it began with. */
export class OtherProtocolError extends Error {
  override name = 'OtherProtocolError';
  constructor(run: Run, protocol: string) {
    super(
      `The run "${run.name}" asked its judge by the protocol ${run.protocol}, and now it would be ${protocol}. ` +
        'Start a new run for this one.',
    );
  }
}

/** Thrown when a run is continued on other items than those it began with: its stored rounds are about those. */
export class OtherItemsError extends Error {
  override name = 'OtherItemsError';
  constructor(run: string, changes: readonly string[]) {
    super(
      `The run "${run}" began with other items: ${changes.join('; ')}. What it stored is about the old ones. ` +
        'Bring the old items back, or start a new run (headless: another --folder) for these.',
    );
  }
}

const PARTS: readonly [Split, string][] = [
  ['train', 'training'],
  ['validation', 'validation'],
  ['heldout', 'held-out'],
];

/** @throws OtherItemsError */
function compareItems(run: string, before: ItemsFacts, now: ItemsFacts): void {
  const changes = PARTS.filter(([split]) => before[split].hash !== now[split].hash).map(([split, name]) =>
    before[split].count === now[split].count
      ? `of the ${now[split].count} ${name} items some, their labels or their order changed`
      : `there were ${before[split].count} ${name} items and now there are ${now[split].count}`,
  );
  if (changes.length > 0) throw new OtherItemsError(run, changes);
}

/**
 * The run to continue, or a new one with everything that decides what it does.
 * @throws SettingsError when the settings cannot be run or are not those that the run began with
 * @throws OtherJudgeError, OtherProtocolError, OtherItemsError
 */
export async function openRun(
  options: RationalizeOptions,
  { store, engine, protocol }: RunBench,
): Promise<Run> {
  const settings = checkSettings(options.settings);
  const id = options.runId ?? newId();
  const known = await store.run(id);
  const items = await inSlices(factsOf(options.items));
  const devices = devicesUsed(known?.devices, engine.device);
  const losses = mergedLosses(known?.losses, options.losses);
  const { appVersion = APP_VERSION } = options;
  const versions = versionsUsed(known && versionsOf(known), appVersion);
  if (!known) {
    return {
      id,
      projectId: options.projectId ?? '',
      name: twoWordName(id),
      settings,
      protocol: protocol.id,
      items,
      seedPolicy: engine.model.hash,
      appVersion,
      created: Date.now(),
      cursor: { round: 0, stage: 'before', done: false },
      devices,
      versions,
      losses,
    };
  }
  const different = differenceOf(known.settings, settings);
  if (different.length > 0)
    throw new SettingsError(
      `The run "${known.name}" began with other settings (${different.join(', ')}). Start a new run for these.`,
    );
  if (known.seedPolicy !== engine.model.hash) throw new OtherJudgeError(known, engine.model.hash);
  if (known.protocol !== protocol.id) throw new OtherProtocolError(known, protocol.id);
  if (known.items) compareItems(known.name, known.items, items);
  return { ...known, items, devices, versions, losses };
}

/** A run from before versions were listed has the one that it began with, or none. */
function versionsOf({ versions, appVersion, created }: Run): readonly VersionUsed[] {
  return versions ?? (appVersion ? [{ version: appVersion, since: created }] : []);
}
