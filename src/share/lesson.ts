import * as v from 'valibot';
import { LONGEST_WORDS } from './experiment.ts';
import { LinkError } from './link-text.ts';

/** Where a lesson may begin. */
export const LESSON_PLACES = ['start', 'judge', 'data', 'improve', 'labs', 'compare'] as const;
export type LessonPlace = (typeof LESSON_PLACES)[number];

/** What a lesson may hide: places of the navigation, and parts of pages. */
export const HIDEABLE = {
  start: 'the place Start',
  judge: 'the place Judge',
  data: 'the place Data',
  improve: 'the place Improve',
  labs: 'the place Labs',
  compare: 'the place Compare',
  'all-settings': '“All settings” of runs and labs',
  jury: '“Ask it several times” on the Judge page',
} as const;
export type Hideable = keyof typeof HIDEABLE;

const words = v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_WORDS));
const settingName = v.pipe(v.string(), v.regex(/^[a-zA-Z][a-zA-Z0-9]{0,40}$/));

const Schema = v.strictObject({
  kind: v.literal('lesson'),
  /** Version of the page that made it. */
  app: v.pipe(v.string(), v.maxLength(40)),
  place: v.picklist(LESSON_PLACES),
  lab: v.exactOptional(v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,40}$/))),
  /** Of a run, or of the lab: those that differ from their defaults, as texts. */
  settings: v.record(settingName, v.pipe(v.string(), v.maxLength(2000))),
  /** Settings that are not to be changed. */
  locked: v.pipe(v.array(settingName), v.maxLength(100)),
  hidden: v.pipe(v.array(v.picklist(Object.keys(HIDEABLE) as Hideable[])), v.maxLength(20)),
  title: v.exactOptional(words),
  note: v.exactOptional(words),
});

/**
 * A teacher's link: where to begin, with which settings, and what to leave aside. A convenience, not a protection: the page
 * always shows a button that takes all of it off.
 */
export type Lesson = v.InferOutput<typeof Schema>;

export const isLesson = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'lesson';

/** @throws LinkError */
export function checkLesson(value: unknown): Lesson {
  const result = v.safeParse(Schema, value);
  if (result.success) return result.output;
  const part = v.getDotPath(result.issues[0])?.slice(0, 80) ?? 'it';
  throw new LinkError(`This link holds no lesson that this page knows: "${part}" is not what it should be.`);
}
