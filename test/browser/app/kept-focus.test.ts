import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepFocus } from '../../../src/app/state/shell/kept-focus.ts';

let stop: () => void;
let app: HTMLElement;
let main: HTMLElement;

function add<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  parent: Element,
  text = '',
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  element.textContent = text;
  parent.append(element);
  return element;
}

beforeEach(() => {
  app = add('div', document.body);
  app.id = 'app';
  main = add('main', app);
  main.tabIndex = -1;
  stop = keepFocus(main);
});
afterEach(() => {
  stop();
  app.remove();
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const focused = () => document.activeElement;

test('what takes a button’s place takes its focus', async () => {
  const page = add('div', main);
  add('button', page, 'before');
  const row = add('div', page);
  const run = add('button', row, 'Run all');
  add('button', page, 'after');
  run.focus();
  const bar = document.createElement('section');
  const pause = add('button', bar, 'Pause');
  row.before(bar);
  row.remove();
  await settled();
  expect(focused()).toBe(pause);
});

test('the last of a row gives its focus to the one before', async () => {
  const row = add('div', add('div', main));
  const first = add('button', row);
  const second = add('button', row);
  add('button', row.parentElement!);
  second.focus();
  second.remove();
  await settled();
  expect(focused()).toBe(first);
});

test('a button that can no longer be pressed passes its focus on', async () => {
  const row = add('div', add('div', main));
  const undo = add('button', row);
  const next = add('button', row);
  undo.focus();
  undo.disabled = true;
  await settled();
  expect(focused()).toBe(next);
});

test('a page that gave way to another begins at its top', async () => {
  const link = add('a', add('div', main), 'to another page');
  link.href = '#';
  link.focus();
  main.replaceChildren(document.createElement('article'));
  add('button', main.firstElementChild!);
  await settled();
  expect(focused()).toBe(main);
});

test('a message that is closed gives the focus back to where it was', async () => {
  const button = add('button', add('div', main));
  const toast = add('div', add('div', app));
  const close = add('button', toast);
  button.focus();
  close.focus();
  toast.remove();
  await settled();
  expect(focused()).toBe(button);
});

test('a focus that somebody holds stays theirs', async () => {
  const page = add('div', main);
  const gone = add('button', page);
  const other = add('button', page);
  add('button', page);
  gone.focus();
  other.focus();
  gone.remove();
  await settled();
  expect(focused()).toBe(other);
});

test('Enter that is held down does not press what the focus came to', async () => {
  const page = add('div', main);
  const gone = add('button', page);
  const next = add('button', page);
  gone.focus();
  gone.remove();
  await settled();
  const press = (repeat: boolean) =>
    next.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', repeat, bubbles: true, cancelable: true }),
    );
  expect(press(true)).toBe(false);
  next.dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter', bubbles: true }));
  expect(press(true)).toBe(true);
});
