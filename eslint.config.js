import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import { defineConfig } from 'eslint/config';
import typescript from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Who may know whom: a folder of src/ imports from the rows below its own, never from above. */
const ROWS = [
  ['app'],
  ['labs'],
  ['share'],
  ['rationalize', 'store'],
  ['harness'],
  ['evaluate'],
  ['judge', 'train', 'data'],
  ['model'],
  ['tensor'],
];

/** Within a row nothing imports a sibling, but for these. */
const SIBLINGS = { store: ['rationalize'], data: ['judge'], train: ['data'] };

/** What each file of workers/ may import of src/; one that is not listed imports nothing of it. */
const WORKERS = {
  'all-reduce.ts': ['train'],
  'announced-weights.ts': ['model'],
  'bundle.worker.ts': ['share', 'store'],
  'data.worker.ts': ['data', 'judge', 'store'],
  'divide.ts': ['model'],
  'engine.worker.ts': ['model', 'tensor', 'train'],
  'life-signs.ts': ['harness'],
  'loss-of.ts': ['harness', 'tensor'],
  'model-export.worker.ts': ['model'],
  'model-facts.ts': ['model'],
  'model-files.ts': ['model'],
  'model-writer.worker.ts': ['store'],
  'pause.ts': ['judge'],
  'pool.ts': ['harness', 'tensor'],
  'pooled-engine.ts': ['harness', 'model', 'train'],
  'protocol.ts': ['harness', 'model', 'tensor', 'train'],
  'pulse.ts': ['harness'],
  'replica.ts': ['model', 'tensor', 'train'],
  'replicas.ts': ['harness', 'model'],
  'service-worker.ts': ['harness'],
  'storage.worker.ts': ['store'],
  'verdicts.worker.ts': ['data', 'harness', 'labs'],
};

/** What a lab may show when its report's blocks do not suffice. */
const VIEW_PARTS = ['components', 'charts', 'widgets'];

/** Folders of src/app that are drawn from what they are given. */
const STATELESS = ['charts', 'components'];

/** The way from any file up to the root or to src/. */
const UP = '^(/|(\\./)?(\\.\\./)+)(src/)?';
const into = (folders) => `${UP}(${folders.join('|')})/`;
const ban = (regex, message, typesToo = true) => ({ regex, message, typesToo });

const NO_SVELTE = ban('^svelte(/|$)', 'Only src/app and a lab’s View.svelte know Svelte.');
const NO_WORKERS = [
  ban('/workers/protocol\\.ts$', 'Outside src/app, workers/protocol.ts lends its types only.', false),
  ban('/workers/(?!protocol\\.ts$)', 'Only src/app and headless entries start workers.'),
];

/** What a folder of src/ must not import: rows above it, and siblings that it was not given. */
function banAbove(folder) {
  const row = ROWS.findIndex((names) => names.includes(folder));
  const allowed = [folder, ...(SIBLINGS[folder] ?? [])];
  const banned = ROWS.slice(0, row + 1)
    .flat()
    .filter((name) => !allowed.includes(name));
  return ban(into(banned), `src/${folder} must not know src/{${banned.join(',')}} (docs/architecture.md).`);
}

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

const NO_STREAM_ITERATION = forbidden(
  'ForOfStatement[await=true] > :matches(MemberExpression[property.name="body"], LogicalExpression, TSNonNullExpression, CallExpression[callee.property.name="stream"]).right',
  'Safari cannot iterate a stream: chunksOf (src/model/formats/stream-chunks.ts).',
);

const ALWAYS = [NO_BLOCKING_READS, NO_HTML_WRITES, NO_STYLE_ATTRIBUTES, NO_STREAM_ITERATION];

/** A regular expression as ESLint's selectors take it: a slash would end it there. */
const inSelector = (regex) => `/${regex.replaceAll('/', '\\u002F')}/`;

/** The same for `import()` of a value and, where types are banned as well, for `import('…').Type`. */
const dynamic = ({ regex, message, typesToo }) => [
  forbidden(`ImportExpression[source.value=${inSelector(regex)}]`, message),
  ...(typesToo ? [forbidden(`TSImportType[source.value=${inSelector(regex)}]`, message)] : []),
];

/** A way of importing that no rule could look into. */
const NO_UNKNOWN_IMPORTS = forbidden(
  "ImportExpression:not([source.type='Literal'])",
  'Name the file, so that the rules of imports can see it.',
);

/** Bans for these files, for static imports, types, re-exports and `import()`. Replaces those of earlier entries. */
const bounds = (files, bans) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: bans.map(({ regex, message, typesToo }) => ({
          regex,
          message,
          allowTypeImports: !typesToo,
        })),
      },
    ],
    'no-restricted-syntax': ['error', ...ALWAYS, NO_UNKNOWN_IMPORTS, ...bans.flatMap(dynamic)],
  },
});

const OTHER_LABS = 'A lab knows no other lab: what two share belongs below, into src/harness.';
const NO_STORE = ban(into(['store']), 'A lab asks its bench; where records are kept is the page’s matter.');
const labBans = [banAbove('labs'), NO_STORE, ...NO_WORKERS];
const viewBans = [
  ban(
    `${UP}app/(?!(${VIEW_PARTS.join('|')})/)`,
    `A lab’s View.svelte may use src/app/{${VIEW_PARTS.join(',')}} only.`,
  ),
  NO_STORE,
  ...NO_WORKERS,
];
/** Other labs, seen from a file in src/labs/<id> and from one in a folder of it; the contract beside them is for all. */
const beside = ban('^(\\./)?\\.\\./(?!\\.\\./)[^/]+/|/labs/', OTHER_LABS);
const besideDeeper = ban('^(\\./)?\\.\\./\\.\\./(?!\\.\\./)[^/]+/|/labs/', OTHER_LABS);

const importRules = [
  bounds(['src/app/**'], []),
  // The shell finds pages by their route (import.meta.glob); nobody else knows one.
  bounds(['src/app/{state,widgets}/**'], [ban('/pages/', 'Pages are known to the shell alone.')]),
  bounds(
    ['src/app/pages/*/**'],
    [
      ban(
        '^(\\./)?\\.\\./(?!\\.\\./)|/pages/',
        'A page knows no other page: what two show belongs into src/app/widgets.',
      ),
    ],
  ),
  ...STATELESS.map((folder) =>
    bounds(
      [`src/app/${folder}/**`],
      [ban(`${UP}(app/)?(state|shell|pages)/`, `src/app/${folder} is drawn from what it is given.`)],
    ),
  ),
  ...ROWS.flat()
    .filter((folder) => !['app', 'labs'].includes(folder))
    .map((folder) => bounds([`src/${folder}/**`], [NO_SVELTE, ...NO_WORKERS, banAbove(folder)])),
  bounds(['src/labs/*'], [NO_SVELTE, ...labBans]),
  bounds(['src/labs/*/*'], [NO_SVELTE, ...labBans, beside]),
  bounds(['src/labs/*/*/**'], [NO_SVELTE, ...labBans, besideDeeper]),
  bounds(['src/labs/*/View.svelte'], [...viewBans, beside]),
  bounds(['workers/**'], [ban(`${UP}src/`, 'List in eslint.config.js what this file may import of src/.')]),
  ...Object.entries(WORKERS).map(([file, folders]) =>
    bounds(
      [`workers/${file}`],
      [
        ban(
          `^\\.\\./src/(?!(${folders.join('|')})/)`,
          `workers/${file} may know src/{${folders.join(',')}} only.`,
        ),
      ],
    ),
  ),
  bounds(['scripts/**'], [ban(`${UP}app/`, 'What a terminal runs must not live in the page.')]),
];

const COUNTED = { skipBlankLines: true, skipComments: true };

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
    files: ['src/**'],
    ignores: ['src/app/**', 'src/labs/*/View.svelte'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...DOM_GLOBALS.map((name) => ({ name, message: 'Only src/app knows the DOM.' })),
      ],
    },
  },
  ...importRules,
  {
    files: ['src/**', 'workers/**', 'scripts/**'],
    rules: {
      'max-lines': ['error', { max: 250, ...COUNTED }],
      'max-lines-per-function': ['error', { max: 45, ...COUNTED }],
    },
  },
  {
    // A function that registers a kernel holds the text of its program.
    files: ['src/tensor/ops/**'],
    rules: { 'max-lines-per-function': 'off' },
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
