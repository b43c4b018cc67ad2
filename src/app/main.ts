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
mount(App, { target: document.getElementById('app')! });
