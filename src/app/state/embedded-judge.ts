import type { ModelSource } from '../../../workers/protocol.ts';

/** The judge that ships with the page. */
export function embeddedJudge(): ModelSource {
  return { name: 'nano-judge', url: new URL('./models/nano-judge/', document.baseURI).href };
}
