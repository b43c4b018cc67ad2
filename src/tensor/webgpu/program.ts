import * as tf from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { adapterTable } from './adapter.ts';
import { uniformBuffer } from './uniform-buffer.ts';

/** One run of a WGSL program of our own. */
export interface Dispatch {
  /** Names the pipeline: it must encode every choice that is compiled into `body`. */
  name: string;
  inputs: Record<string, TensorInfo>;
  uniforms: Record<string, number>;
  floats?: Record<string, number>;
  /** Tensors, and `result`, that are read and written as vec4. */
  vectors?: string[];
  /** WGSL functions that `body` calls. */
  functions?: string;
  /** WGSL of one thread; sees the tensors by name, `uniforms` and `result`. */
  body: string;
  /** Shape of a new tensor, or an existing tensor that is written in place. */
  output: number[] | TensorInfo;
  /** More tensors that are written in place. */
  writes?: Record<string, TensorInfo>;
}

interface FlatDispatch extends Dispatch {
  /** `body` sees `index`, from 0 to threads − 1. */
  threads: number;
}

interface SubgroupDispatch extends Dispatch {
  /** Subgroups of four threads. `body` sees `group`, which may be beyond the last one, and `lane`. */
  groups: number;
}

interface RowDispatch extends Dispatch {
  /** `body` sees `row` and `lane`, and steps over the row by LANES; `rowSum` and `rowMax` go over the row's threads. */
  rows: number;
}

interface TileDispatch extends Dispatch {
  /** Workgroups in x and y; `body` sees `workgroup` and `local`. */
  workgroups: [number, number];
  /** Module-scope declarations: workgroup memory. */
  shared: string;
}

/** What this file needs of the backend, some of it private: its place in the queue, and its care for buffers. */
interface BackendInternals {
  commandQueueOwnedIds: WeakSet<object>;
  computePassEncoder: GPUComputePassEncoder | null;
  commandEncoder: GPUCommandEncoder | null;
  dispatchCountInPass: number;
}

export function currentBackend(): WebGPUBackend {
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error('A WebGPU kernel ran on another backend.');
  return backend;
}

/** Threads that have nothing to do with each other. */
export function dispatchFlat(call: FlatDispatch): TensorInfo {
  const { workgroup } = adapterTable();
  return record(call, {
    key: `flat${workgroup}`,
    workgroup,
    workgroups: spread(Math.ceil(call.threads / workgroup)),
    uniforms: { threads: call.threads },
    main: `
      let index = ${globalIndex(workgroup)};
      if (index >= uniforms.threads) { return; }`,
  });
}

/** Subgroups of four; only where the adapter's table says so. All threads run `body` to its end. */
export function dispatchSubgroups(call: SubgroupDispatch): TensorInfo {
  const { workgroup } = adapterTable();
  return record(call, {
    key: `subgroups${workgroup}`,
    enable: 'enable subgroups;',
    workgroup,
    workgroups: spread(Math.ceil((call.groups * 4) / workgroup)),
    main: `
      let index = ${globalIndex(workgroup)};
      let group = index / 4;
      let lane = index % 4;`,
  });
}

/** The threads of a row work together: a subgroup in software, a workgroup elsewhere. Needs no care for the last row. */
export function dispatchRows(call: RowDispatch): TensorInfo {
  const { rowThreads, workgroup, product } = adapterTable();
  if (product === 'lanes') {
    return record(call, {
      key: `rows${workgroup}`,
      // A row is a subgroup, so what depends on the row is alike for its threads; the compiler cannot know.
      enable: 'enable subgroups; diagnostic(off, subgroup_uniformity);',
      shared: `
        const LANES = 4;
        fn rowSum(x : f32, lane : i32) -> f32 { return subgroupAdd(x); }
        fn rowMax(x : f32, lane : i32) -> f32 { return subgroupMax(x); }`,
      workgroup,
      workgroups: spread(Math.ceil((call.rows * 4) / workgroup)),
      uniforms: { rows_: call.rows },
      // Threads beyond the last row do that row again.
      main: `
        let index = ${globalIndex(workgroup)};
        let row = min(index / 4, uniforms.rows_ - 1);
        let lane = index % 4;`,
    });
  }
  return record(call, {
    key: `rows${rowThreads}`,
    shared: `
      const LANES = ${rowThreads};
      var<workgroup> partial_ : array<f32, ${rowThreads}>;
      ${treeReduction('rowSum', 'partial_[lane] + partial_[lane + step]', rowThreads)}
      ${treeReduction('rowMax', 'max(partial_[lane], partial_[lane + step])', rowThreads)}`,
    workgroup: rowThreads,
    workgroups: spread(call.rows),
    uniforms: { rows_: call.rows },
    main: `
      let row = min(i32(workgroup.x + workgroup.y * count.x), uniforms.rows_ - 1);
      let lane = i32(local);`,
  });
}

/** Workgroups that share memory. */
export function dispatchTiles(call: TileDispatch): TensorInfo {
  return record(call, {
    key: 'tiles',
    shared: call.shared,
    workgroup: 64,
    workgroups: call.workgroups,
    main: '',
  });
}

/** A device allows 65,535 workgroups in a dimension: beyond that they stand in rows of this many. */
const WORKGROUPS_IN_ROW = 32768;

function spread(workgroups: number): [number, number] {
  if (workgroups <= WORKGROUPS_IN_ROW) return [workgroups, 1];
  return [WORKGROUPS_IN_ROW, Math.ceil(workgroups / WORKGROUPS_IN_ROW)];
}

const globalIndex = (workgroup: number) =>
  `i32((workgroup.x + workgroup.y * count.x) * ${workgroup}u + local)`;

const treeReduction = (name: string, combined: string, threads: number) => `
  fn ${name}(x : f32, lane : i32) -> f32 {
    workgroupBarrier();
    partial_[lane] = x;
    for (var step = ${threads / 2}; step > 0; step /= 2) {
      workgroupBarrier();
      if (lane < step) { partial_[lane] = ${combined}; }
    }
    return workgroupUniformLoad(&partial_[0]);
  }`;

/** What a way of dispatching adds to a call. */
interface Frame {
  key: string;
  enable?: string;
  shared?: string;
  workgroup: number;
  workgroups: [number, number];
  uniforms?: Record<string, number>;
  main: string;
}

const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

/** Records a dispatch behind what TensorFlow.js has recorded, in the same pass. */
function record(call: Dispatch, frame: Frame): TensorInfo {
  const backend = currentBackend();
  const result = Array.isArray(call.output) ? backend.makeTensorInfo(call.output, 'float32') : call.output;
  if (result.shape.includes(0)) return emptyResult(backend, result);
  const written = { result, ...call.writes };
  const tensors = [...Object.values(written), ...Object.values(call.inputs)];
  for (const { dataId } of tensors) backend.uploadToGPU(dataId);
  // What was read back before is kept beside the buffer, and is not true any more.
  for (const { dataId } of Object.values(written))
    Object.assign(backend.tensorMap.get(dataId), { values: null });
  const integers = { ...frame.uniforms, ...call.uniforms };
  const pipeline = pipelineOf(backend.device, `${call.name} ${frame.key}`, () =>
    shader(call, frame, Object.keys(integers), written),
  );
  const buffers = tensors.map(({ dataId }) => backend.tensorMap.get(dataId).resource as GPUBuffer);
  buffers.push(uniformBuffer(backend.device, Object.values(integers), Object.values(call.floats ?? {})));
  const group = bindGroupOf(backend.device, pipeline, buffers);
  const internals = backend as unknown as BackendInternals;
  for (const { dataId } of tensors) internals.commandQueueOwnedIds.add(dataId);
  backend.ensureCommandEncoderReady();
  internals.computePassEncoder ??= (internals.commandEncoder as GPUCommandEncoder).beginComputePass();
  internals.computePassEncoder.setPipeline(pipeline);
  internals.computePassEncoder.setBindGroup(0, group);
  internals.computePassEncoder.dispatchWorkgroups(...frame.workgroups);
  internals.dispatchCountInPass++;
  if (internals.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  return result;
}

function emptyResult(backend: WebGPUBackend, result: TensorInfo): TensorInfo {
  backend.tensorMap.get(result.dataId).values = new Float32Array(0);
  return result;
}

function pipelineOf(device: GPUDevice, key: string, code: () => string): GPUComputePipeline {
  const known = pipelines.get(device) ?? new Map<string, GPUComputePipeline>();
  pipelines.set(device, known);
  const found = known.get(key);
  if (found) return found;
  const module = device.createShaderModule({ code: code(), label: key });
  const made = device.createComputePipeline({ compute: { module }, layout: 'auto', label: key });
  known.set(key, made);
  return made;
}

/**
 * Bind groups by what they bind. TensorFlow.js takes buffers from a pool, so that a decoding step meets the buffers of the
 * one before it: 94 of 100 dispatches found their group, in 1.6 µs where making one takes 8.5 (two busy cores).
 * Forgotten all at once when there are many, also those of buffers that are gone.
 */
const bindGroups = new WeakMap<GPUDevice, Map<string, GPUBindGroup>>();
const MOST_BIND_GROUPS = 4096;

function bindGroupOf(device: GPUDevice, pipeline: GPUComputePipeline, buffers: GPUBuffer[]): GPUBindGroup {
  const before = bindGroups.get(device);
  const known = before && before.size < MOST_BIND_GROUPS ? before : new Map<string, GPUBindGroup>();
  bindGroups.set(device, known);
  const key = `${numberOf(pipeline)} ${buffers.map(numberOf).join()}`;
  const found = known.get(key);
  if (found) return found;
  const layout = pipeline.getBindGroupLayout(0);
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const made = device.createBindGroup({ layout, entries });
  known.set(key, made);
  return made;
}

const numbers = new WeakMap<object, number>();
let nextNumber = 0;

/** A number that no other object has, as long as it lives. */
function numberOf(object: object): number {
  const found = numbers.get(object);
  if (found !== undefined) return found;
  numbers.set(object, nextNumber);
  return nextNumber++;
}

function shader(
  call: Dispatch,
  frame: Frame,
  integers: string[],
  written: Record<string, TensorInfo>,
): string {
  const tensors = { ...written, ...call.inputs };
  const declarations = Object.entries(tensors).map(([name, { dtype }], binding) => {
    const scalar = WGSL_TYPES[dtype] ?? 'f32';
    const type = call.vectors?.includes(name) ? `vec4<${scalar}>` : scalar;
    const access = name in written ? 'read_write' : 'read';
    return `@group(0) @binding(${binding}) var<storage, ${access}> ${name} : array<${type}>;`;
  });
  const fields = [
    ...integers.map((name) => `${name} : i32,`),
    ...Object.keys(call.floats ?? {}).map((name) => `${name} : f32,`),
  ];
  return `${frame.enable ?? ''}
    struct Uniforms { ${fields.join(' ')} };
    ${declarations.join('\n')}
    @group(0) @binding(${Object.keys(tensors).length}) var<uniform> uniforms : Uniforms;
    ${frame.shared ?? ''}
    ${call.functions ?? ''}
    @compute @workgroup_size(${frame.workgroup}) fn main(
      @builtin(workgroup_id) workgroup : vec3<u32>,
      @builtin(num_workgroups) count : vec3<u32>,
      @builtin(local_invocation_index) local : u32) {
      ${frame.main}
      ${call.body}
    }`;
}

const WGSL_TYPES: Partial<Record<DataType, string>> = { float32: 'f32', int32: 'i32', bool: 'i32' };
