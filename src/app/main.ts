import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/source-serif-4/wght.css';
import './theme.css';
import './theme-base.css';
import { mount } from 'svelte';
import { writeFor } from '../harness/reader-locale.ts';
import App from './App.svelte';
import { theme } from './state/shell/theme.svelte.ts';

writeFor(navigator.languages);
theme.apply();

// What stands in the page for browsers in which it never gets here.
const target = document.getElementById('app')!;
const unopened = [...target.children];
mount(App, { target });
for (const element of unopened) element.remove();
