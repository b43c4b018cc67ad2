import { expect, test } from 'vitest';
import { JobAnnouncements } from '../../../src/app/state/job/job-announcements.ts';
import { announcer } from '../../../src/app/state/shell/toasts.svelte.ts';

test('each stage is announced once, when it is over, and the run at its end', () => {
  const announcements = new JobAnnouncements();
  const said: string[] = [];
  const before = announcer.count;
  const step = (work: () => void) => {
    const { count } = announcer;
    work();
    if (announcer.count > count) said.push(announcer.text);
  };
  const at = (stage: string, round: number) =>
    step(() =>
      announcements.follow(
        { stage, round, done: 1, total: 9, tokensPerSecond: null, secondsLeft: null },
        `Making ${stage}`,
      ),
    );
  for (const stage of ['sample', 'sample', 'pairs', 'pairs', 'pairs']) at(stage, 1);
  at('sample', 2);
  step(() => announcements.end('done'));
  at('sample', 1);
  step(() => announcements.end('failed'));
  at('pairs', 1);
  step(() => announcements.end('cancelled'));
  expect(said).toEqual([
    'Done: Making sample, round 1.',
    'Done: Making pairs, round 1.',
    'The run is done.',
    'The run is cancelled. What was finished is stored.',
  ]);
  expect(announcer.count - before).toBe(said.length);
});
