import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispatchFlat } from './program.ts';

/** An operation that treats the elements of equal shapes alike. */
export interface ElementsDispatch {
  name: string;
  inputs: Record<string, TensorInfo>;
  /** Inputs of another size, read as plain numbers. */
  numbers?: Record<string, TensorInfo>;
  floats?: Record<string, number>;
  /** WGSL; T is the type of an element: f32, or vec4<f32> where the count divides by four. */
  body: string;
  /** Written in place; without it the result is new, in the shape of the first input. */
  output?: TensorInfo;
  /** More tensors that are written in place. */
  writes?: Record<string, TensorInfo>;
}

export function dispatchElements({ name, body, numbers = {}, ...call }: ElementsDispatch): TensorInfo {
  const [first] = Object.values(call.inputs) as [TensorInfo];
  const count = first.shape.reduce((product, size) => product * size, 1);
  const unit = count % 4 === 0 ? 4 : 1;
  return dispatchFlat({
    ...call,
    inputs: { ...call.inputs, ...numbers },
    name: `${name} ${unit}`,
    threads: count / unit,
    uniforms: {},
    vectors: unit === 4 ? [...Object.keys(call.inputs), ...Object.keys(call.writes ?? {}), 'result'] : [],
    functions: `alias T = ${unit === 4 ? 'vec4<f32>' : 'f32'};`,
    body,
    output: call.output ?? first.shape,
  });
}
