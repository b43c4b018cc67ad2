import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentBackend, dispatchFlat, dispatchRows } from '../../webgpu/program.ts';
import type { SampleAttributes } from './op.ts';

/** Philox 4×32-10 as in src/model/philox.ts; WGSL has no 64-bit product either. */
const PHILOX = `
  fn multiplyHigh(a : u32, b : u32) -> u32 {
    let low = (a & 0xffffu) * (b & 0xffffu);
    let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
    let cross_ = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
    return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (cross_ >> 16u);
  }
  fn philox(counter : vec4<u32>, key : vec2<u32>) -> u32 {
    var c = counter;
    var k = key;
    for (var round = 0; round < 10; round++) {
      c = vec4<u32>(
        multiplyHigh(0xcd9e8d57u, c.z) ^ c.y ^ k.x, 0xcd9e8d57u * c.z,
        multiplyHigh(0xd2511f53u, c.x) ^ c.w ^ k.y, 0xd2511f53u * c.x);
      k += vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
    }
    return c.x;
  }`;

/**
 * The largest floor with at least `target_` not below it, of tempered mass or of tokens. It lies between two logits that
 * draw closer with every look at the row. Above `lowest` there must be as much.
 */
const LARGEST_FLOOR = `
  fn weight(x : f32, top : f32, sharpness : f32) -> f32 { return exp((x - top) * sharpness); }
  fn largestFloor(
    counting : bool, target_ : f32, floor_ : f32, top : f32, sharpness : f32,
    source : i32, begin : i32, end : i32, lane : i32) -> f32 {
    var lowest = floor_;
    var highest = top;
    for (var look = 0; look < 64; look++) {
      if (lowest >= highest) { break; }
      let middle = lowest + 0.5 * (highest - lowest);
      var held = 0.0;
      var above = 3.0e38;
      var below = -3.0e38;
      for (var i = begin; i < end; i++) {
        let x = logits[source + i];
        let inside = x > middle;
        held += select(0.0, select(weight(x, top, sharpness), 1.0, counting), inside);
        above = select(above, min(above, x), inside);
        below = select(max(below, x), below, inside);
      }
      if (rowSum(held, lane) >= target_) { lowest = -rowMax(-above, lane); } else { highest = rowMax(below, lane); }
    }
    return lowest;
  }
  fn massAbove(lowest : f32, top : f32, sharpness : f32, source : i32, begin : i32, end : i32) -> f32 {
    var mass = 0.0;
    for (var i = begin; i < end; i++) {
      let x = logits[source + i];
      mass += select(0.0, weight(x, top, sharpness), x >= lowest);
    }
    return mass;
  }`;

/**
 * The threads of a row take a contiguous part of the vocabulary each, so that the cumulative sum runs in the order of ids, as
 * in JavaScript.
 */
const SAMPLE = `
  let source = places[row * 5] * uniforms.vocabulary;
  let part = (uniforms.vocabulary + LANES - 1) / LANES;
  let begin = min(lane * part, uniforms.vocabulary);
  let end = min(begin + part, uniforms.vocabulary);

  var own = -3.0e38;
  var least = 3.0e38;
  for (var i = begin; i < end; i++) {
    own = max(own, logits[source + i]);
    least = min(least, logits[source + i]);
  }
  let top = rowMax(own, lane);
  let greedy = uniforms.temperature == 0.0;
  let sharpness = select(1.0 / uniforms.temperature, 1.0, greedy);
  var plain = 0.0;
  var tempered = 0.0;
  for (var i = begin; i < end; i++) {
    plain += weight(logits[source + i], top, 1.0);
    tempered += weight(logits[source + i], top, sharpness);
  }
  let normaliser = top + log(rowSum(plain, lane));
  var total = rowSum(tempered, lane);

  var lowest = -rowMax(-least, lane);
  if (uniforms.topK > 0 && uniforms.topK < uniforms.vocabulary && !greedy) {
    lowest = largestFloor(true, f32(uniforms.topK), lowest, top, sharpness, source, begin, end, lane);
    tempered = massAbove(lowest, top, sharpness, source, begin, end);
    total = rowSum(tempered, lane);
  }
  if (uniforms.topP < 1.0 && !greedy) {
    lowest = largestFloor(false, uniforms.topP * total, lowest, top, sharpness, source, begin, end, lane);
    tempered = massAbove(lowest, top, sharpness, source, begin, end);
    total = rowSum(tempered, lane);
  }
  if (greedy) { lowest = top; }

  let counter = vec4<u32>(u32(places[row * 5 + 4]), u32(places[row * 5 + 3]), u32(places[row * 5 + 2]), u32(uniforms.round));
  let bits = philox(counter, vec2<u32>(u32(uniforms.seedLow), u32(uniforms.seedHigh)));
  let drawn = select(f32(bits) / 4294967296.0 * total, -1.0, greedy);
  // What the threads before this one hold: each tells its sum to all, in turn.
  var before = 0.0;
  for (var other = 0; other < LANES; other++) {
    let sum = rowSum(select(0.0, tempered, other == lane), lane);
    before += select(0.0, sum, other < lane);
  }
  // Of the ids that reach beyond the drawn mass, the first; where rounding leaves none, the last of the nucleus.
  var first = 3.0e38;
  var last = -1.0;
  var reached = before;
  for (var i = begin; i < end; i++) {
    let x = logits[source + i];
    let inside = x >= lowest;
    reached += select(0.0, weight(x, top, sharpness), inside);
    first = select(first, min(first, f32(i)), inside && reached > drawn);
    last = select(last, f32(i), inside);
  }
  first = -rowMax(-first, lane);
  last = rowMax(last, lane);
  let id = i32(select(last, first, first < 1.0e38));
  if (lane == 0) {
    result[row * 2] = f32(id);
    result[row * 2 + 1] = logits[source + id] - normaliser;
    newest[places[row * 5 + 1]] = id;
  }`;

export function registerSampleTokensWebgpu(): void {
  registerFused<SampleAttributes>('SampleTokens', 'webgpu', ({ inputs, attributes }) => {
    const { logits, places, newest } = inputs as Record<'logits' | 'places' | 'newest', TensorInfo>;
    const { temperature, topP, topK, seed, round } = attributes;
    const rows = places.shape[0] as number;
    return dispatchRows({
      name: 'SampleTokens',
      inputs: { logits, places },
      rows,
      uniforms: {
        vocabulary: logits.shape[1] as number,
        seedLow: seed | 0,
        seedHigh: Math.floor(seed / 2 ** 32) | 0,
        round: round | 0,
        topK,
      },
      floats: { temperature, topP },
      functions: PHILOX + LARGEST_FLOOR,
      body: SAMPLE,
      output: [rows, 2],
      writes: { newest },
    });
  });

  registerFused('NewestTokens', 'webgpu', ({ inputs }) => {
    const { given, newest } = inputs as Record<'given' | 'newest', TensorInfo>;
    const rows = given.shape[0] as number;
    return dispatchFlat({
      name: 'NewestTokens',
      inputs: { given, newest },
      threads: rows,
      uniforms: {},
      body: 'result[index] = select(given[index * 2], newest[given[index * 2 + 1]], given[index * 2] < 0);',
      output: currentBackend().makeTensorInfo([rows], 'int32'),
    });
  });
}
