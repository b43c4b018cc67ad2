import { checkExperiment, type Experiment } from './experiment.ts';
import { checkLesson, isLesson, type Lesson } from './lesson.ts';
import { LinkError, linkText, payloadOf } from './link-text.ts';
import { pack, unpack } from './packing.ts';

/** What a link can hold. */
export type Content = Experiment | Lesson;

const check = (value: unknown): Content => (isLesson(value) ? checkLesson(value) : checkExperiment(value));

/** `#v1.…`, which holds all of it. @throws LinkError for one that could not be opened again */
export const linkOf = (content: Content): string => linkText(pack(check(content)));

/** What is in a link, in an address or in a message with one. @throws LinkError */
export const contentOf = (text: string): Content => check(unpack(payloadOf(text)));

/** The experiment of a link. @throws LinkError, for a lesson too */
export function experimentOf(text: string): Experiment {
  const content = contentOf(text);
  if (content.kind !== 'lesson') return content;
  throw new LinkError('This link holds a lesson, not an experiment: open it in the page.');
}
