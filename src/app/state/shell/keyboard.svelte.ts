import { ownName } from '../../../harness/own-name.ts';

/** What keys do on this page, for the list that `?` opens. */
export interface KeyGroup {
  where: string;
  keys: readonly { keys: readonly string[]; does: string; isLetter?: true }[];
}

const letter = (keys: string, does: string) => ({ keys: keys.split(' '), does, isLetter: true as const });

export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    where: 'Everywhere',
    keys: [
      { keys: ['Tab', 'Shift Tab'], does: 'to the next button or field, or back' },
      { keys: ['Enter', 'Space'], does: 'press a button' },
      {
        keys: ['Ctrl Z', 'Ctrl Shift Z'],
        does: 'take back what was done by hand, or do it again (⌘ on a Mac)',
      },
      { keys: ['Esc'], does: 'close a dialog or the meaning of a term' },
      letter('?', 'show this list'),
    ],
  },
  { where: 'Judge', keys: [{ keys: ['Ctrl Enter'], does: 'judge, from any field of the task' }] },
  {
    where: 'Improve, in the list of pairs',
    keys: [
      { keys: ['↑', '↓'], does: 'the pair before or after' },
      letter('j k', 'the pair after or before'),
      letter('a d f', 'accept, drop or flip the pair'),
    ],
  },
  {
    where: 'Improve, in the grid of scores',
    keys: [{ keys: ['↑', '↓', '←', '→', 'Enter'], does: 'another judgment; Enter reads it' }],
  },
  { where: 'Labs, in a battle', keys: [letter('1 2 0', 'vote for A, for B, or for a tie')] },
  {
    where: 'Tabs, choices and curves',
    keys: [{ keys: ['←', '→', 'Home', 'End'], does: 'another tab, choice or step' }],
  },
];

const KEY = ownName('judge-playground.letters');

/** Which keys act. Single letters can be switched off: speech input and unsteady hands press them unmeant (WCAG 2.1.4). */
class Keyboard {
  letters = $state(stored());
  helpOpen = $state(false);

  setLetters(on: boolean): void {
    this.letters = on;
    try {
      localStorage.setItem(KEY, on ? 'on' : 'off');
    } catch {
      // Storage is refused in some private windows; the choice then lasts for this visit.
    }
  }
}

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export const keyboard = new Keyboard();
