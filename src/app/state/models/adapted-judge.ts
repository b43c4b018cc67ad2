import { AdapterError } from '../../../model/formats/peft.ts';
import { AdapterStore } from '../../../store/adapter-store.ts';
import type { AdapterRecord } from '../../../store/adapter-record.ts';
import { adaptedEngine } from '../../../harness/adapted-engine.ts';
import type { OpenJudge } from '../../../harness/open-judge.ts';

/**
 * A judge with a stored adapter on its model. What is known of the model's accuracy does not hold for it.
 * @throws AdapterNotStoredError; AdapterError when it was made for another model
 */
export async function adaptedJudge(
  plain: OpenJudge,
  id: string,
): Promise<{ judge: OpenJudge; adapter: AdapterRecord }> {
  const store = await AdapterStore.open();
  try {
    const { record, policy } = await store.policy(id);
    const { model } = plain.engine;
    if (record.model.hash !== model.hash)
      throw new AdapterError(`${record.name} belongs to ${record.model.name}: open that model first.`);
    const named = { hash: record.id, name: `${model.name} + ${record.name}` };
    const engine = adaptedEngine(plain.engine, policy, named);
    await engine.usePolicy({ kind: 'seed' });
    return { judge: { ...plain, engine, facts: {} }, adapter: record };
  } finally {
    store.close();
  }
}
