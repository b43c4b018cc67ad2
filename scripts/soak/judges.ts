import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Judges that are opened in turn: the two that ship, and small models of three families from folders of this machine. */
export const SHIPPED_JUDGES = ['nano-judge-base', 'nano-judge'] as const;
export const LOCAL_JUDGES = ['llama', 'qwen3', 'gemma3'] as const;
/** For llama, in PEFT's format. */
export const ADAPTER = 'adapter';

const FIXTURES = 'test/fixtures';

/**
 * Copies the local judges and the adapter into this folder, a folder each. With a judge.json a model is asked in the embedded
 * judge's own short words: these have a context of 512 tokens.
 */
export function copyLocalJudges(folder: string): Record<string, string> {
  const at = (name: string) => join(folder, name);
  for (const name of LOCAL_JUDGES) {
    cpSync(`${FIXTURES}/models/${name}`, at(name), { recursive: true });
    writeFileSync(join(at(name), 'judge.json'), '{}');
  }
  cpSync(`${FIXTURES}/dpo/sigmoid/adapter-final`, at(ADAPTER), { recursive: true });
  return Object.fromEntries([...LOCAL_JUDGES, ADAPTER].map((name) => [name, at(name)]));
}
