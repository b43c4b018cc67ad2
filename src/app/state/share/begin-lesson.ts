import { changesOf, readTexts } from '../../../harness/fields.ts';
import { RUN_FIELDS } from '../../../rationalize/settings.ts';
import { improve, NEW_RUN } from '../improve/improve.svelte.ts';
import { labPage } from '../labs/lab-pages.ts';
import { router, routeToLab } from '../shell/router.svelte.ts';
import { lesson } from './lesson.svelte.ts';
import type { SharedLesson } from './shared.svelte.ts';

/** Goes to where the lesson begins, with its settings. */
export async function beginLesson({ lesson: shared, link, lab }: SharedLesson): Promise<void> {
  lesson.begin(shared, link);
  if (shared.place === 'labs' && lab) {
    const page = labPage(lab.id);
    await page.open();
    page.settings = readTexts(lab.fields, shared.settings);
    page.source = 'judge';
    location.hash = routeToLab(lab.id, changesOf(lab.fields, page.settings));
  } else if (shared.place === 'improve') {
    improve.prepare(readTexts(RUN_FIELDS, shared.settings));
    router.go('improve', NEW_RUN);
  } else router.go(shared.place);
}
