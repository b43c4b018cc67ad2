import { expect, it } from 'vitest';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import { rationalize } from '../../../src/rationalize/run.ts';
import type { RunEvent } from '../../../src/rationalize/events.ts';
import { letters, ScriptedEngine, scriptedItems } from '../harness/scripted-engine.ts';

const settings = presetSettings('standard', {
  rounds: 1,
  itemsPerRound: 12,
  samples: 4,
  heldoutItems: 6,
  batchSize: 4,
});
const items = {
  train: scriptedItems('train', 20),
  validation: scriptedItems('validation', 12),
  heldout: scriptedItems('heldout', 8),
};

it('training that is taken up again shows each step and snapshot once, whatever the lost session left', async () => {
  const store = new MemoryStore();
  const base = { tokenizer: letters, settings, items, store, runId: 'run' };
  await rationalize({ ...base, engine: new ScriptedEngine(), until: { round: 1, stage: 'pairs' } });
  // A session that died before its first checkpoint left these; snapshots fall on other steps the next time.
  for (const step of [1, 900]) {
    await store.putStep('run', 1, { step, metrics: {} as never });
    await store.putSnapshot('run', 1, { step, itemIds: [], probabilities: new Float32Array() });
  }
  const events: RunEvent[] = [];
  await rationalize({ ...base, engine: new ScriptedEngine(), onEvent: (event) => events.push(event) });

  const told = events.flatMap((event) => (event.type === 'snapshot' ? [event.snapshot.step] : []));
  expect((await store.snapshots('run', 1)).map(({ step }) => step)).toEqual([...new Set(told)]);
  const { steps } = (await store.round('run', 1))!;
  expect((await store.steps('run', 1)).map(({ step }) => step)).toEqual(
    Array.from({ length: steps }, (_, i) => i + 1),
  );
  expect(events).toContainEqual({ type: 'training', round: 1, from: 0 });
});
