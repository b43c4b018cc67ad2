import type { ModelSource } from '../../../workers/protocol.ts';

/** The folder of the judge that ships with the page. */
export function embeddedJudge(): { name: string; url: string } {
  return {
    name: 'nano-judge',
    url: new URL('./models/nano-judge/', document.baseURI).href,
  } satisfies ModelSource;
}
