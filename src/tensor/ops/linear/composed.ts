import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { LinearOptions } from './options.ts';

export function composedLinear(
  x: Tensor2D,
  w: Tensor2D | Tensor2D[],
  { addend, scale = 1, blocks }: LinearOptions = {},
): Tensor2D {
  const weights = Array.isArray(w) ? w : [w];
  return tf.tidy(() => {
    const inputs =
      blocks && weights.length > 1 ? tf.split<Tensor2D>(x, weights.length, 1) : weights.map(() => x);
    const products = weights.map((one, i) => tf.matMul<Tensor2D>(inputs[i] as Tensor2D, one, false, true));
    const width = products.reduce((sum, { shape }) => sum + shape[1], 0);
    const joined =
      blocks && addend && width < addend.shape[1]
        ? tf.addN<Tensor2D>(products.map((y, i) => placed(y, blocks[i] as number, addend.shape[1])))
        : besides(products);
    const scaled = scale === 1 ? joined : tf.mul<Tensor2D>(joined, scale);
    return addend ? tf.add<Tensor2D>(addend, scaled) : scaled;
  });
}

function besides(products: Tensor2D[]): Tensor2D {
  return products.length === 1 ? (products[0] as Tensor2D) : tf.concat(products, 1);
}

/** y as columns `begin` and following of a matrix of zeros. */
function placed(y: Tensor2D, begin: number, width: number): Tensor2D {
  return tf.pad(y, [
    [0, 0],
    [begin, width - begin - y.shape[1]],
  ]);
}
