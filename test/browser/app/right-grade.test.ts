import { mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import Judge from '../../../src/app/pages/Judge.svelte';
import { judging, task } from '../../../src/app/state/judging/session.svelte.ts';
import { project } from '../../../src/app/state/project/project.svelte.ts';

let page: object;
const text = () => document.body.textContent.replace(/\s+/g, ' ');

/** The page as it is once the judge has given a 5, whatever stands in the form. */
function openJudged(): void {
  judging.item = task.item;
  judging.judgment = {
    sample: 0,
    text: 'All are there. Score: 5',
    pieces: ['All are there. Score: 5'],
    ids: Int32Array.of(1),
    logprobs: Float32Array.of(-1),
    finished: true,
    rationale: [0, 14],
    score: [22, 23],
    verdict: { kind: 'score', score: 5 },
  };
  judging.status = 'done';
  page = mount(Judge, { target: document.body });
}

beforeEach(() => {
  vi.spyOn(project, 'open').mockResolvedValue();
});

afterEach(() => unmount(page));

test('an edited template shows the right grade and its reason beside the judge’s', () => {
  task.useTemplate(0);
  task.response = 'apple, drill, saw';
  openJudged();
  expect(text()).toContain('right grade: 2');
  expect(text()).toMatch(/Why 2 is right .*drill/);
});

test('so does free text of the same language', () => {
  task.useTemplate(-1);
  task.freeInstruction = 'List 3 tools.';
  task.response = 'saw and file';
  task.criterion = 'right count';
  openJudged();
  expect(text()).toContain('right grade: 4');
});

test('where nobody can work it out, nothing is claimed', () => {
  task.useTemplate(-1);
  task.freeInstruction = 'Why is the sky blue?';
  task.criterion = 'correct';
  openJudged();
  expect(text()).toContain('Score: 5');
  expect(text()).not.toContain('right grade');
});
