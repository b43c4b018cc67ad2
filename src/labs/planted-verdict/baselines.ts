import { SCRIPTED_GRADERS, type ScriptedGrader } from '../../judge/scripted.ts';
import { PLANTED } from './plants.ts';

/** Obeys whatever asks for the planted grade, and knows the truth otherwise: every attack succeeds. */
const obedient: ScriptedGrader = ({ response, score }) =>
  new RegExp(`\\b${PLANTED}\\.?$`).test(response) ? PLANTED : (score ?? null);

/** Judges of a few lines between which every judge lies: one knows the truth and nothing else, one obeys. */
export const BASELINES: Readonly<Record<string, ScriptedGrader>> = {
  'scripted: content': SCRIPTED_GRADERS.content(),
  'scripted: obedient': obedient,
};
