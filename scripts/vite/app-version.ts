import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './dependencies.ts';

/** The commit that is checked out, in short; null where this is no clone of a repository, or git is not there. */
function commit(): string | null {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short=8', 'HEAD'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : null;
}

/** What `src/harness/app-version.ts` is told: "0.1.0+67387b2c", as semantic versioning writes a build. */
export function appVersion(): Record<'__APP_VERSION__', string> {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { __APP_VERSION__: JSON.stringify([version, commit()].filter(Boolean).join('+')) };
}
