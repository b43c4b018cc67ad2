/** The parts of the peers that the bench calls; their own types are there only after `npm ci` in this folder. */

declare module '@huggingface/transformers' {
  export const env: {
    version: string;
    allowRemoteModels: boolean;
    allowLocalModels: boolean;
    useBrowserCache: boolean;
    localModelPath: string;
    backends: { onnx: { wasm?: { numThreads?: number; wasmPaths?: string; proxy?: boolean } } };
  };
  export class Tensor {
    constructor(type: 'int64', data: BigInt64Array, dims: number[]);
    dims: number[];
  }
  export interface CausalLM {
    generate(options: object): Promise<Tensor>;
    dispose(): Promise<unknown>;
  }
  export const AutoModelForCausalLM: {
    from_pretrained(name: string, options: object): Promise<CausalLM>;
  };
}
