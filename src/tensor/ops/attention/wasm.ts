import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { registerAttentionGradient } from './gradient.ts';
import type { HeadLayout } from './head-layout.ts';

export function registerAttention(): void {
  registerFused<HeadLayout>('Attention', 'wasm', ({ inputs, attributes }) => {
    const { qkv, spans } = inputs as { qkv: TensorInfo; spans: TensorInfo };
    const { heads, kvHeads, headSize, scale } = attributes;
    const heap = currentHeap();
    const [tokens] = qkv.shape as [number, number];
    const out = heap.allocate([tokens, heads * headSize]);
    const lse = heap.allocate([tokens, heads]);
    heap.kernels.attention(
      heap.address(qkv),
      heap.address(spans),
      heap.address(out),
      heap.address(lse),
      heap.scratch(tokens + 4),
      tokens,
      heads,
      kvHeads,
      headSize,
      scale,
    );
    return [out, lse];
  });

  registerFused<HeadLayout>('AttentionGradient', 'wasm', ({ inputs, attributes }) => {
    const { qkv, spans, out, lse, dy } = inputs as Record<'qkv' | 'spans' | 'out' | 'lse' | 'dy', TensorInfo>;
    const { heads, kvHeads, headSize, scale } = attributes;
    const heap = currentHeap();
    const dqkv = heap.allocateZeros(qkv.shape);
    heap.kernels.attention_gradient(
      heap.address(qkv),
      heap.address(spans),
      heap.address(out),
      heap.address(lse),
      heap.address(dy),
      heap.address(dqkv),
      heap.scratch(2 * ((qkv.shape[0] as number) + 4)),
      qkv.shape[0] as number,
      heads,
      kvHeads,
      headSize,
      scale,
    );
    return dqkv;
  });

  registerAttentionGradient();
}
