import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { SupervisedExample } from './supervised-example.ts';
import { packedLogprobs } from '../model/logprobs.ts';
import type { Model } from '../model/model.ts';
import { disposePacked, inTokenBudget, packGroups, packedTensors } from '../model/packed-batch.ts';
import { Readings } from './readings.ts';
import type { Backward } from './trainer.ts';

/**
 * Supervised training: the weighted mean negative log-probability per token, Σ w·nll / Σ w. Weight 1 on the judgment
 * and less on the prompt trains the judgment first while the model still learns what prompts look like.
 * @param batchWeight Σ w over the batch of all workers
 * @param tokens micro-batch size
 * @param onLoss receives each micro-batch's share of the loss
 */
export function supervisedBackward(
  model: Model,
  examples: SupervisedExample[],
  batchWeight: number,
  tokens: number,
  onLoss: (share: number) => void,
): Backward {
  return async (accumulator) => {
    const readings = new Readings();
    for (const run of inTokenBudget(examples, ({ ids }) => ids.length, tokens)) {
      // The first token is given, never predicted: it stands as the prompt.
      const groups = run.map(({ ids }) => ({ prompt: ids.slice(0, 1), completions: [ids.slice(1)] }));
      const batch = packedTensors(packGroups(groups));
      const weights = tf.tensor1d(run.flatMap(({ weights: w }) => [...w.slice(1)]));
      const share = accumulator.add(() => {
        const logprobs = packedLogprobs(model, batch);
        return tf.div<Scalar>(tf.neg(tf.sum(tf.mul(logprobs, weights))), batchWeight);
      });
      weights.dispose();
      disposePacked(batch);
      await readings.begin([share], ([loss]) => onLoss(loss![0]!));
    }
    await readings.settle();
  };
}
