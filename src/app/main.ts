import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/source-serif-4/wght.css';
import './theme.css';
import './theme-base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { theme } from './state/shell/theme.svelte.ts';

document.getElementById('unserved')?.remove();
theme.apply();
mount(App, { target: document.getElementById('app')! });
