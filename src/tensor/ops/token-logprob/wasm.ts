import type { Tensor, Tensor1D, Tensor2D, TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused, registerFusedGradient, runKernel } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { packedFloats } from '../../wasm/packed.ts';

type Inputs = Record<'hidden' | 'head' | 'targets' | 'dy', TensorInfo>;

/** Tokens whose logits exist at one time: 64 × 32,000 floats are 8 MB. */
const BLOCK = 64;

interface Block {
  start: number;
  rows: number;
  logits: number;
}

/** Calls `use` with the logits of each block of tokens in turn; scratch beyond them is `extraFloats` long. */
function eachBlock(inputs: Inputs, extraFloats: number, use: (block: Block, extra: number) => void): void {
  const heap = currentHeap();
  const [tokens, width] = inputs.hidden.shape as [number, number];
  const [vocabulary] = inputs.head.shape as [number, number];
  const headFloats = packedFloats(width, vocabulary);
  const packed = heap.scratch(headFloats + BLOCK * vocabulary + extraFloats);
  const logits = packed + headFloats * 4;
  heap.kernels.pack(heap.address(inputs.head), 1, width, packed, width, vocabulary);
  for (let start = 0; start < tokens; start += BLOCK) {
    const rows = Math.min(BLOCK, tokens - start);
    const hidden = heap.address(inputs.hidden) + start * width * 4;
    heap.kernels.gemm(hidden, width, 1, packed, logits, rows, vocabulary, width, 0);
    use({ start, rows, logits }, logits + BLOCK * vocabulary * 4);
  }
}

export function registerTokenLogprob(): void {
  registerFused('TokenLogprob', 'wasm', ({ inputs }) => {
    const heap = currentHeap();
    const { hidden, head, targets } = inputs as Inputs;
    const out = heap.allocate([hidden.shape[0] as number]);
    eachBlock(inputs as Inputs, 0, ({ start, rows, logits }) => {
      const at = start * 4;
      heap.kernels.target_logprob(
        logits,
        heap.address(targets) + at,
        heap.address(out) + at,
        rows,
        head.shape[0] as number,
      );
    });
    return out;
  });

  // d hidden = d logits · W, d logits = dy · (onehot − softmax)
  registerFused('TokenLogprobInputGradient', 'wasm', ({ inputs }) => {
    const heap = currentHeap();
    const { hidden, head, targets, dy } = inputs as Inputs;
    const [vocabulary, width] = head.shape as [number, number];
    const dhidden = heap.allocate(hidden.shape);
    const transposedFloats = packedFloats(vocabulary, width);
    let packed = false;
    eachBlock(inputs as Inputs, transposedFloats, ({ start, rows, logits }, transposed) => {
      if (!packed) heap.kernels.pack(heap.address(head), width, 1, transposed, vocabulary, width);
      packed = true;
      const at = start * 4;
      heap.kernels.target_logprob_gradient(
        logits,
        heap.address(targets) + at,
        heap.address(dy) + at,
        rows,
        vocabulary,
      );
      const out = heap.address(dhidden) + at * width;
      heap.kernels.gemm(logits, vocabulary, 1, transposed, out, rows, width, vocabulary, 0);
    });
    return dhidden;
  });

  // dW = d logitsᵀ · hidden, summed over the blocks
  registerFused('TokenLogprobWeightGradient', 'wasm', ({ inputs }) => {
    const heap = currentHeap();
    const { hidden, head, targets, dy } = inputs as Inputs;
    const [vocabulary, width] = head.shape as [number, number];
    const dhead = heap.allocateZeros([vocabulary, width]);
    eachBlock(inputs as Inputs, packedFloats(BLOCK, width), ({ start, rows, logits }, packed) => {
      const at = start * 4;
      heap.kernels.target_logprob_gradient(
        logits,
        heap.address(targets) + at,
        heap.address(dy) + at,
        rows,
        vocabulary,
      );
      heap.kernels.pack(heap.address(hidden) + at * width, width, 1, packed, rows, width);
      heap.kernels.gemm(logits, 1, vocabulary, packed, heap.address(dhead), vocabulary, width, rows, 1);
    });
    return dhead;
  });

  registerFusedGradient('TokenLogprob', { inputs: ['hidden', 'head', 'targets'] }, (dy, saved) => {
    const [hidden, head, targets] = saved as [Tensor2D, Tensor2D, Tensor1D];
    return {
      hidden: (): Tensor => runKernel('TokenLogprobInputGradient', { hidden, head, targets, dy }),
      head: (): Tensor => runKernel('TokenLogprobWeightGradient', { hidden, head, targets, dy }),
      targets: () => {
        throw new Error('Targets have no gradient.');
      },
    };
  });
}
