import { twoWordName } from '../harness/names.ts';
import type { Run } from './records.ts';
import type { RationalizeOptions } from './run.ts';
import { checkSettings, SettingsError } from './settings.ts';
import { settingsDifference } from './presets.ts';
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

/**
 * The run to continue, or a new one with everything that decides what it does.
 * @throws SettingsError when the settings cannot be run or are not those that the run began with
 * @throws OtherJudgeError
 */
export async function openRun(
  options: RationalizeOptions,
  { store, engine, protocol }: RunBench,
): Promise<Run> {
  const settings = checkSettings(options.settings);
  const id = options.runId ?? crypto.randomUUID();
  const known = await store.run(id);
  if (!known) {
    return {
      id,
      projectId: options.projectId ?? '',
      name: twoWordName(id),
      settings,
      protocol: protocol.id,
      seedPolicy: engine.model.hash,
      appVersion: options.appVersion ?? '',
      created: Date.now(),
      cursor: { round: 0, stage: 'before', done: false },
    };
  }
  const different = settingsDifference(known.settings, settings);
  if (different.length > 0)
    throw new SettingsError(
      `The run "${known.name}" began with other settings (${different.join(', ')}). Start a new run for these.`,
    );
  if (known.seedPolicy !== engine.model.hash) throw new OtherJudgeError(known, engine.model.hash);
  return known;
}
