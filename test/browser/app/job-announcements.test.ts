import { expect, test } from 'vitest';
import { JobAnnouncements } from '../../../src/app/state/job/job-announcements.ts';
import { announcer } from '../../../src/app/state/shell/toasts.svelte.ts';

test('each stage is announced once, when it is over, and the run at its end', async () => {
  const announcements = new JobAnnouncements();
  const said: string[] = [];
  const before = announcer.count;
  const step = async (work: () => void) => {
    const { count } = announcer;
    work();
    await Promise.resolve();
    if (announcer.count > count) said.push(announcer.text);
  };
  const at = (stage: string, round: number) =>
    step(() =>
      announcements.follow(
        { stage, round, done: 1, total: 9, tokensPerSecond: null, secondsLeft: null },
        `Making ${stage}`,
      ),
    );
  for (const stage of ['sample', 'sample', 'pairs', 'pairs', 'pairs']) await at(stage, 1);
  await at('sample', 2);
  await step(() => announcements.end('done'));
  await at('sample', 1);
  await step(() => announcements.end('failed'));
  await at('pairs', 1);
  await step(() => announcements.end('cancelled'));
  expect(said).toEqual([
    'Done: Making sample, round 1.',
    'Done: Making pairs, round 1.',
    'The run is done.',
    'The run is cancelled. What was finished is stored.',
  ]);
  expect(announcer.count - before).toBe(said.length);
});
