import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import { defineConfig } from 'eslint/config';
import typescript from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Who may know whom: a folder of src/ imports from its own row and from those below, never from above. */
const LAYERS = [
  ['app'],
  ['rationalize', 'judgelm', 'evaluate', 'share', 'store'],
  ['judge', 'train', 'data'],
  ['model'],
  ['tensor'],
];

const folders = (names) => names.map((name) => `src/${name}/**/*.{ts,svelte}`);
const intoFolder = (names) => `^(\\.\\./)+(src/)?(${names.join('|')})/`;

const pureImports = {
  patterns: [
    { group: ['svelte', 'svelte/*'], message: 'Only src/app knows Svelte.' },
    {
      regex: '/workers/protocol\\.ts$',
      allowTypeImports: true,
      message: 'Outside src/app, workers/protocol.ts lends its types only.',
    },
    { regex: '/workers/(?!protocol\\.ts$)', message: 'Only src/app and headless entries start workers.' },
  ],
};

const layerRules = LAYERS.slice(1).map((names, index) => ({
  files: folders(names),
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          ...pureImports.patterns,
          {
            regex: intoFolder(LAYERS.slice(0, index + 1).flat()),
            message: `src/{${names.join(',')}} must not know the folders above it (see docs/architecture.md).`,
          },
        ],
      },
    ],
  },
}));

/** What exists on the page but not in a worker or in Node. */
const DOM_GLOBALS = [
  'window',
  'document',
  'localStorage',
  'sessionStorage',
  'history',
  'location',
  'alert',
  'confirm',
  'prompt',
  'requestAnimationFrame',
  'matchMedia',
  'HTMLElement',
  'Image',
];

const forbidden = (selector, message) => ({ selector, message });
const NO_BLOCKING_READS = forbidden(
  'MemberExpression[property.name=/^(dataSync|arraySync|readSync|bytesSync)$/]',
  'Blocking reads stall the GPU queue (a canvas detour on WebGPU): await data() or array().',
);
const NO_HTML_WRITES = forbidden(
  'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML|srcdoc)$/], CallExpression[callee.property.name=/^(insertAdjacentHTML|setHTMLUnsafe)$/]',
  'Model output and imported text become text nodes only.',
);

// `style:name={value}` goes through the CSSOM and is fine.
const NO_STYLE_ATTRIBUTES = forbidden(
  "SvelteAttribute[key.name='style']",
  'The Content-Security-Policy refuses style attributes: use a class or a style: directive.',
);

export default defineConfig(
  { ignores: ['dist/', 'public/', 'test-results/', 'coverage/', 'shared/', 'bench/.venv/'] },
  typescript.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.worker, ...globals.node },
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-eval': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Typed arrays inside loops: the index is right by construction, `!` says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An interface that is asynchronous because one of its implementations is.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // A check on data from a worker, a file or an index is worth keeping even when the types vow for it.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: typescript.parser, svelteConfig },
    },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/button-has-type': 'error',
      'svelte/no-target-blank': 'error',
      // Hash routes of a page without a router library.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    // `let { value = $bindable() } = $props()` must stay `let`.
    files: ['**/*.svelte'],
    rules: { 'prefer-const': 'off', 'svelte/prefer-const': 'error' },
  },
  {
    files: ['src/**', 'workers/**'],
    rules: { 'no-restricted-syntax': ['error', NO_BLOCKING_READS, NO_HTML_WRITES, NO_STYLE_ATTRIBUTES] },
  },
  {
    files: ['src/**'],
    ignores: ['src/app/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...DOM_GLOBALS.map((name) => ({ name, message: 'Only src/app knows the DOM.' })),
      ],
    },
  },
  ...layerRules,
  {
    files: ['workers/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: intoFolder(LAYERS[0]), message: 'Workers never know the page.' }] },
      ],
    },
  },
  {
    files: ['test/**', 'scripts/**', 'bench/**'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['*.js'],
    extends: [typescript.configs.disableTypeChecked],
  },
);
