import { expect, it } from 'vitest';
import { UndoStack, type UndoableAction } from '../../../src/store/undo.ts';

function counter() {
  const state = { value: 0 };
  const add = (amount: number): UndoableAction => ({
    title: `add ${amount}`,
    redo: async () => void (state.value += amount),
    undo: async () => void (state.value -= amount),
  });
  return { state, add };
}

it('takes actions back and does them again, in order', async () => {
  const { state, add } = counter();
  const stack = new UndoStack();
  await stack.do(add(1));
  await stack.do(add(10));
  expect(stack.nextUndo).toBe('add 10');
  await stack.undo();
  expect(state.value).toBe(1);
  expect(stack.nextRedo).toBe('add 10');
  await stack.redo();
  expect(state.value).toBe(11);
  await stack.undo();
  await stack.undo();
  expect(await stack.undo()).toBeNull();
  expect(state.value).toBe(0);
});

it('forgets what was undone once something new is done', async () => {
  const { state, add } = counter();
  const stack = new UndoStack();
  await stack.do(add(1));
  await stack.undo();
  await stack.do(add(5));
  expect(await stack.redo()).toBeNull();
  expect(state.value).toBe(5);
});

it('remembers nothing that failed, and keeps a failed undo', async () => {
  const stack = new UndoStack();
  const fail = () => Promise.reject(new Error('full'));
  await expect(stack.do({ title: 'a', redo: fail, undo: fail })).rejects.toThrow('full');
  expect(stack.nextUndo).toBeNull();
  await stack.do({ title: 'b', redo: async () => {}, undo: fail });
  await expect(stack.undo()).rejects.toThrow('full');
  expect(stack.nextUndo).toBe('b');
});

it('keeps the last ones only', async () => {
  const { state, add } = counter();
  const stack = new UndoStack(2);
  for (const amount of [1, 2, 3]) await stack.do(add(amount));
  while (await stack.undo());
  expect(state.value).toBe(1);
});

it('takes back the action that is named, whatever came after it, and only once', async () => {
  const { state, add } = counter();
  const stack = new UndoStack();
  const [first, second] = [add(1), add(10)];
  await stack.do(first);
  await stack.do(second);
  expect(await stack.undo(first)).toBe(first);
  expect(state.value).toBe(10);
  expect(await stack.undo(first)).toBeNull();
  expect(stack.nextUndo).toBe('add 10');
  await stack.redo();
  expect(state.value).toBe(11);
});

it('forgets what is about something that left the page, done or undone', async () => {
  const { state, add } = counter();
  const stack = new UndoStack();
  await stack.do({ ...add(1), about: 'pairs' });
  await stack.do(add(10));
  await stack.do({ ...add(100), about: 'pairs' });
  await stack.undo();
  stack.forget('pairs');
  expect([stack.nextUndo, stack.nextRedo]).toEqual(['add 10', null]);
  await stack.undo();
  expect(await stack.undo()).toBeNull();
  expect(state.value).toBe(1);
});
