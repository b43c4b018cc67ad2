/** The smallest module that uses SIMD: a function that returns a vector. */
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]); // prettier-ignore

const TAKE_ANOTHER = 'A current Chrome, Edge, Firefox or Safari can; reading works here, too.';

const FEATURES: readonly { has: () => boolean; without: string }[] = [
  {
    has: () => 'Worker' in globalThis,
    without: `This browser has no web workers, so no judge can run in it. ${TAKE_ANOTHER}`,
  },
  {
    has: () => 'WebAssembly' in globalThis,
    without: `WebAssembly is missing or switched off in this browser, so no judge can run in it. ${TAKE_ANOTHER}`,
  },
  {
    has: () => !('WebAssembly' in globalThis) || WebAssembly.validate(SIMD_MODULE),
    without: `This browser’s WebAssembly lacks SIMD, without which no judge can run on the processor. ${TAKE_ANOTHER}`,
  },
];

/** What this browser lacks and the page needs, a sentence each. What is stored has its own notice. */
export const missingFeatures = (): string[] =>
  FEATURES.filter(({ has }) => !has()).map(({ without }) => without);
