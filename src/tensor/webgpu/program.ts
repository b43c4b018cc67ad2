import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

const WORKGROUP = 64;

export interface FlatDispatch {
  /** Names the pipeline: it must encode every choice that is compiled into `body`. */
  name: string;
  inputs: Record<string, TensorInfo>;
  threads: number;
  uniforms: Record<string, number>;
  floats?: Record<string, number>;
  /** Inputs, and `result`, that are read and written as vec4<f32>. */
  vectors?: string[];
  /** WGSL functions that `body` calls. */
  functions?: string;
  /** WGSL of one thread; sees `index`, the inputs by name, `uniforms` and `result`. */
  body: string;
  /** Shape of a new tensor, or an existing tensor that is written in place. */
  output: number[] | TensorInfo;
}

export function currentBackend(): WebGPUBackend {
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error('A WebGPU kernel ran on another backend.');
  return backend;
}

/** Runs one WGSL program of our own through the backend's command encoder, so that it keeps its place in the queue. */
export function dispatchFlat(call: FlatDispatch): TensorInfo {
  const backend = currentBackend();
  const existing = Array.isArray(call.output) ? undefined : call.output;
  const integers = Object.keys(call.uniforms).map((name) => `${name} : i32, `);
  const components = (name: string) => (call.vectors?.includes(name) ? 4 : 1);
  const floats = Object.keys(call.floats ?? {}).map((name) => `${name} : f32, `);
  const program = {
    variableNames: Object.keys(call.inputs),
    outputShape: existing?.shape ?? (call.output as number[]),
    shaderKey: call.name,
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil(call.threads / WORKGROUP), 1, 1] as [number, number, number],
    workgroupSize: [WORKGROUP, 1, 1] as [number, number, number],
    uniforms: `threads : i32, ${[...integers, ...floats].join('')}`,
    variableComponents: Object.keys(call.inputs).map(components),
    outputComponent: components('result'),
    getUserCode: () => `${call.functions ?? ''}
      fn main(index : i32) { if (index >= uniforms.threads) { return; } ${call.body} }`,
  };
  const values = [
    { type: 'int32', data: [call.threads] },
    ...Object.values(call.uniforms).map((value) => ({ type: 'int32', data: [value] })),
    ...Object.values(call.floats ?? {}).map((value) => ({ type: 'float32', data: [value] })),
  ];
  return backend.runWebGPUProgram(program, Object.values(call.inputs), 'float32', values, existing);
}
