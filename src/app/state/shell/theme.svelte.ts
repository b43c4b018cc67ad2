import { ownName } from '../../../harness/own-name.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = ownName('judge-playground.theme');
const CHOICES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

/** Light, dark, or as the system has it; remembered in this browser. */
class Theme {
  choice = $state<ThemeChoice>(stored());

  /** The next of system → light → dark → system. */
  cycle(): void {
    this.choose(CHOICES[(CHOICES.indexOf(this.choice) + 1) % CHOICES.length] ?? 'system');
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    this.apply();
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Storage is refused in some private windows; the choice then lasts for this visit.
    }
  }

  apply(): void {
    const root = document.documentElement;
    if (this.choice === 'system') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', this.choice);
  }
}

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY);
    return CHOICES.find((choice) => choice === value) ?? 'system';
  } catch {
    return 'system';
  }
}

export const theme = new Theme();
