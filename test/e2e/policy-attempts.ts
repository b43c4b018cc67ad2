/**
 * What a page or worker of ours must not be able to do, each as an expression that ends when it is done and throws when it is
 * refused. Plain text, since the bundler of the tests rewrites `import()` in functions.
 */

/** Asks for an address of a foreign host that ends in the attempt's name; `FOREIGN` is the host, with a slash at its end. */
const NETWORK: Record<string, string> = {
  fetch: 'fetch(FOREIGN)',
  'fetch of a Request': 'fetch(new Request(FOREIGN))',
  'a redirect of its own host': 'fetch(new URL("/to?" + FOREIGN, OWN))',
  XMLHttpRequest:
    'new Promise((done, fail) => { const r = new XMLHttpRequest(); r.open("GET", FOREIGN); r.onload = done; r.onerror = fail; r.send(); })',
  WebSocket:
    'new Promise((done, fail) => { const s = new WebSocket(FOREIGN.replace("http", "ws")); s.onopen = done; s.onerror = fail; })',
  EventSource:
    'new Promise((done, fail) => { const s = new EventSource(FOREIGN); s.onopen = done; s.onerror = fail; })',
  'Cache.add': 'caches.open("policy").then((cache) => cache.add(FOREIGN))',
  FontFace: 'new FontFace("policy", `url(${FOREIGN})`).load()',
  'fetch in a nested worker':
    'new Promise((done, fail) => { const text = `fetch("${FOREIGN}").then(postMessage("done"))`; const w = new Worker(URL.createObjectURL(new Blob([text]))); w.onmessage = done; w.onerror = fail; })',
};

/** Syntax, which no script can lock: only a policy of the browser's refuses it. */
const IMPORT: Record<string, string> = { 'import()': 'import(FOREIGN)' };

const CODE: Record<string, string> = {
  eval: 'eval("1")',
  'indirect eval': '(0, eval)("1")',
  Function: 'new Function("return 1")()',
  'the constructor of functions': '(() => 1).constructor("return 1")()',
  'the constructor of async functions': '(async () => 1).constructor("return 1")()',
  'the constructor of generators': '(function* () {}).constructor("return 1")()',
  'the constructor of async generators': '(async function* () {}).constructor("return 1")()',
  'setTimeout with text':
    'new Promise((done, fail) => { globalThis.ran = done; setTimeout("ran()", 0); setTimeout(fail, 300); })',
  'setInterval with text':
    'new Promise((done, fail) => { globalThis.ran = done; const i = setInterval("ran()", 0); setTimeout(() => { clearInterval(i); fail(); }, 300); })',
};

/** Ways to bring back what a lock took, after which the network is tried again. */
const UNLOCK: Record<string, string> = {
  'fetch after delete': '(Reflect.deleteProperty(globalThis, "fetch"), fetch(FOREIGN))',
  'fetch of the prototype':
    'Object.getPrototypeOf(Object.getPrototypeOf(globalThis)).fetch.call(globalThis, FOREIGN)',
  'fetch defined anew':
    '(Reflect.defineProperty(globalThis, "fetch", { value: () => "done", configurable: true }), fetch(FOREIGN))',
  'another location':
    '(Reflect.defineProperty(Request.prototype, "url", { get: () => location.href }), fetch(FOREIGN))',
};

export type Outcomes = Record<string, 'done' | 'refused'>;

export const ATTEMPTS = { NETWORK, IMPORT, CODE, UNLOCK };

/**
 * All of these as one expression. It waits a moment first: what the debugger itself evaluates may evaluate text.
 * @param foreign address of a host that is not the page's, ending in a slash
 * @param own address of the page's
 */
export function attemptsOf(kinds: (keyof typeof ATTEMPTS)[], foreign: string, own: string): string {
  const tries = kinds.flatMap((kind) =>
    Object.entries(ATTEMPTS[kind]).map(([name, expression]) => {
      const address = JSON.stringify(foreign + encodeURIComponent(name));
      return `[${JSON.stringify(name)}, async (FOREIGN, OWN) => ${expression}, ${address}]`;
    }),
  );
  return `(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const outcomes = {};
    for (const [name, attempt, address] of [${tries.join(',\n')}])
      outcomes[name] = await attempt(address, ${JSON.stringify(own)}).then(() => 'done', () => 'refused');
    return outcomes;
  })()`;
}
