import type { Lab } from './lab.ts';

/** Every lab by its id, in the order of the gallery; each is loaded when it is first asked for. */
const LABS = {
  'self-rationalization': () => import('./self-rationalization/lab.ts'),
  'judging-the-judges': () => import('./judging-the-judges/lab.ts'),
  'scalable-evaluation': () => import('./scalable-evaluation/lab.ts'),
  'mt-bench': () => import('./mt-bench/lab.ts'),
  judgebench: () => import('./judgebench/lab.ts'),
  'selective-generation': () => import('./selective-generation/lab.ts'),
  judgerank: () => import('./judgerank/lab.ts'),
  'planted-verdict': () => import('./planted-verdict/lab.ts'),
  uncertainty: () => import('./uncertainty/lab.ts'),
} satisfies Record<string, () => Promise<{ lab: Lab }>>;

export type LabId = keyof typeof LABS;
export const LAB_IDS = Object.keys(LABS) as LabId[];

/** Thrown for an id that no lab has. */
export class UnknownLabError extends Error {
  override name = 'UnknownLabError';
  constructor(id: string) {
    super(`There is no lab "${id}"; there are ${LAB_IDS.join(', ')}.`);
  }
}

/** @throws UnknownLabError */
export async function loadLab(id: string): Promise<Lab> {
  if (!Object.hasOwn(LABS, id)) throw new UnknownLabError(id);
  return (await LABS[id as LabId]()).lab;
}
