/**
 * Pages of one origin share its databases, files, caches, locks, channels and keys. Two copies of this page under one
 * origin (`/`, `/class-a/`) must not find each other's: every such name is made here. At the root it stays as it is, so
 * that what readers have stored is found; below it the folder is appended.
 */

/** The folder above the one that a script lies in: the build puts each into `assets/` or `workers/` beside the page. */
export const folderAbove = (script: string): string => new URL(script.replace(/[^/]*\/[^/]*$/, '')).pathname;

/** Of this copy. In development, tests and commands there is one, at the root; Node knows no `env`. */
const ownFolder = (): string =>
  (import.meta.env as ImportMetaEnv | undefined)?.PROD ? folderAbove(import.meta.url) : '/';

/** What `name` is for the copy of the page in this folder. @param folder begins and ends with '/' */
export const nameIn = (folder: string, name: string): string => (folder === '/' ? name : name + folder);

/** What `name` is for this copy of the page. */
export const ownName = (name: string): string => nameIn(ownFolder(), name);
