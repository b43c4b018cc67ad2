import './state/shell/embed-storage.ts';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/source-serif-4/wght.css';
import './theme.css';
import './theme-base.css';
import './theme-print.css';
import { mount } from 'svelte';
import { writeFor } from '../harness/reader-locale.ts';
import { nextTurn } from '../judge/event-loop.ts';
import App from './App.svelte';
import { embed, isFramed } from './state/shell/embed.ts';
import { theme } from './state/shell/theme.svelte.ts';

writeFor(navigator.languages);
theme.apply();

// A task of its own: with what the modules did before, drawing held the thread for a tenth of a second on a slow machine.
await nextTurn();
const target = document.getElementById('app')!;
// What stands in the page for browsers in which it never gets here, and for a page that was opened as a file.
target.replaceChildren();
if (embed) {
  const props = { embed };
  void import('./shell/EmbeddedPage.svelte').then((page) => mount(page.default, { target, props }));
} else if (isFramed) void import('./shell/FramedPage.svelte').then((page) => mount(page.default, { target }));
else mount(App, { target });
