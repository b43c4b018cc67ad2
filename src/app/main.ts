import './state/shell/embed-storage.ts';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/source-serif-4/wght.css';
import './theme.css';
import './theme-base.css';
import './theme-print.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { embed, isFramed } from './state/shell/embed.ts';
import { theme } from './state/shell/theme.svelte.ts';

document.getElementById('unserved')?.remove();
theme.apply();
const target = document.getElementById('app')!;
if (embed) {
  const props = { embed };
  void import('./shell/EmbeddedPage.svelte').then((page) => mount(page.default, { target, props }));
} else if (isFramed) void import('./shell/FramedPage.svelte').then((page) => mount(page.default, { target }));
else mount(App, { target });
