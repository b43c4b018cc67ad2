import type { Tensor } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';
import type { HeadLayout } from './head-layout.ts';

/** Scores are computed again from the saved log Σ exp of each row and head (Dao et al. 2022). */
export function registerAttentionGradient(): void {
  registerFusedGradient<HeadLayout>(
    'Attention',
    { inputs: ['qkv', 'spans'], outputs: [true, true] },
    (dy, saved, layout) => {
      const [qkv, spans, out, lse] = saved as [Tensor, Tensor, Tensor, Tensor];
      return {
        qkv: () => runKernel('AttentionGradient', { qkv, spans, out, lse, dy }, layout),
        spans: () => {
          throw new Error('Attention spans have no gradient.');
        },
      };
    },
  );
}
