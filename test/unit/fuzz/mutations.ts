import fc from 'fast-check';

/** What parsers stumble over, to be put anywhere into a text. */
const ODDITIES: readonly string[] = [
  '\0',
  '\uFEFF',
  '\uD800',
  '\uDC00',
  '\u202E',
  '\u2028',
  '\u0085',
  '\u001b[2J',
  '👩‍👩‍👧',
  'e\u0301',
  '\r',
  '\n',
  '\t',
  ' '.repeat(300),
  '"',
  '""',
  '\\',
  ',',
  ';',
  '{',
  '}',
  '[',
  ']',
  '{}',
  '[]',
  'null',
  '"__proto__":',
  '"constructor":{"prototype":1},',
  '__proto__',
  'constructor',
  'toString',
  '=cmd()',
  '<script>',
  '1e999',
  '-1e-999',
  '-0',
  '9007199254740993',
  '4294967296',
  '1'.repeat(400),
  'NaN',
  '0x10',
  '%00',
  '../',
  'a'.repeat(3000),
  '['.repeat(5000),
  '{"a":'.repeat(5000),
  '(a+)+$',
  '(a|a)*b',
  '.*.*.*.*=',
  '{% for a in range(10**9) %}x{% endfor %}',
  '{{ messages * 1000000 }}',
  '{{ "x" * 1000000000 }}',
  '{%',
  '%}',
];

/** Names that every object has; a parser must not take them for the file's own. */
const INHERITED = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf'];

type Edit<Input> = (input: Input, others: readonly Input[]) => Input;

/** Anywhere in an input, evenly: `fc.double` draws bit patterns, of which nearly all lie at its very beginning. */
const PLACES = 2 ** 30;
const place = fc.noBias(fc.nat(PLACES - 1)).map((drawn) => drawn / PLACES);
const at = (share: number, length: number) => Math.floor(share * length);

/** A stretch of an input: mostly short, sometimes any. */
const stretch = fc.tuple(place, fc.oneof(fc.nat(8), fc.nat(200), fc.nat(100_000)));

interface Sequence<Input> {
  length: number;
  slice: (begin?: number, end?: number) => Input;
}

/** Edits that need no knowledge of the format, for texts and for bytes. */
function structural<Input extends Sequence<Input>>(
  join: (...parts: Input[]) => Input,
): fc.Arbitrary<Edit<Input>> {
  return fc.oneof(
    stretch.map(
      ([share, length]): Edit<Input> =>
        (input) =>
          join(input.slice(0, at(share, input.length)), input.slice(at(share, input.length) + length)),
    ),
    fc
      .tuple(stretch, fc.integer({ min: 1, max: 40 }))
      .map(([[share, length], times]): Edit<Input> => (input) => {
        const begin = at(share, input.length);
        const part = input.slice(begin, begin + Math.min(length, 4000));
        return join(input.slice(0, begin), ...Array.from({ length: times }, () => part), input.slice(begin));
      }),
    fc.tuple(place, stretch, fc.nat()).map(([to, [from, length], which]): Edit<Input> => (input, others) => {
      const other = others[which % others.length]!;
      const begin = at(from, other.length);
      const cut = at(to, input.length);
      return join(input.slice(0, cut), other.slice(begin, begin + length), input.slice(cut));
    }),
    place.map(
      (share): Edit<Input> =>
        (input) =>
          input.slice(0, at(share, input.length)),
    ),
  );
}

const replaceNth = (text: string, pattern: RegExp, share: number, by: (found: string) => string): string => {
  const found = [...text.matchAll(pattern)];
  const match = found[at(share, found.length)];
  return match ? text.slice(0, match.index) + by(match[0]) + text.slice(match.index + match[0].length) : text;
};

const textEdit: fc.Arbitrary<Edit<string>> = fc.oneof(
  { weight: 3, arbitrary: structural<string>((...parts) => parts.join('')) },
  {
    weight: 4,
    arbitrary: fc.tuple(place, fc.constantFrom(...ODDITIES), fc.nat(2)).map(
      ([share, oddity, over]): Edit<string> =>
        (text) =>
          text.slice(0, at(share, text.length)) + oddity + text.slice(at(share, text.length) + over),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.string({ unit: 'binary', minLength: 1, maxLength: 3 })).map(
      ([share, some]): Edit<string> =>
        (text) =>
          text.slice(0, at(share, text.length)) + some + text.slice(at(share, text.length) + some.length),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        place,
        fc.constantFrom(
          '-1',
          '0',
          '0.5',
          '1e308',
          '1e999',
          '2147483648',
          '9007199254740993',
          '"7"',
          'null',
          '[]',
          '{}',
          'true',
        ),
      )
      .map(
        ([share, value]): Edit<string> =>
          (text) =>
            replaceNth(text, /-?\d+(?:\.\d+)?/g, share, () => value),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.constantFrom(...INHERITED)).map(
      ([share, name]): Edit<string> =>
        (text) =>
          replaceNth(text, /[\w-]{2,}/g, share, () => name),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.json({ maxDepth: 2 })).map(
      ([share, json]): Edit<string> =>
        (text) =>
          replaceNth(text, /"[^"\n]*"/g, share, () => json),
    ),
  },
);

const HUGE = [
  2n ** 20n,
  2n ** 24n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 40n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

type Bytes = Uint8Array<ArrayBuffer>;

const bytesEdit: fc.Arbitrary<Edit<Bytes>> = fc.oneof(
  structural<Bytes>((...parts) => Uint8Array.from(parts.flatMap((part) => [...part]))),
  fc
    .array(fc.tuple(place, fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 })
    .map((flips): Edit<Bytes> => (bytes) => {
      const damaged = bytes.slice();
      for (const [share, mask] of flips) damaged[at(share, bytes.length)]! ^= mask;
      return damaged;
    }),
  fc.tuple(place, fc.constantFrom(...HUGE)).map(([share, value]): Edit<Bytes> => (bytes) => {
    if (bytes.length < 8) return bytes;
    const damaged = bytes.slice();
    new DataView(damaged.buffer).setBigUint64(at(share, bytes.length - 7), value, true);
    return damaged;
  }),
);

/** One of the seeds with one to four edits, mostly one; now and then anything at all. */
export function mutated(seeds: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 30, arbitrary: edited(seeds, textEdit) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
    { weight: 1, arbitrary: fc.json() },
  );
}

/** `mutated` for bytes. */
export function mutatedBytes(seeds: readonly Bytes[]): fc.Arbitrary<Bytes> {
  return fc.oneof(
    { weight: 30, arbitrary: edited(seeds, bytesEdit) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => bytes.slice()) },
  );
}

function edited<Input>(seeds: readonly Input[], edit: fc.Arbitrary<Edit<Input>>): fc.Arbitrary<Input> {
  return fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.oneof(fc.tuple(edit), fc.array(edit, { minLength: 1, maxLength: 4 })),
    )
    .map(([seed, edits]) => edits.reduce((input, one) => one(input, seeds), seed));
}
