import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export const isRoot = (): boolean => process.getuid?.() === 0;

/** Runs an installer, which shows what it does; whether it ended well. */
export const installs = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

/** Installs one of Debian's packages; false where there is none, or nobody who may install it. */
export const installsPackage = (name: string): boolean =>
  isRoot() &&
  existsSync('/usr/bin/apt-get') &&
  installs('apt-get', ['update', '-q']) &&
  installs('apt-get', ['install', '-q', '-y', '--no-install-recommends', name]);
