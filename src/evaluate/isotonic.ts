interface Block {
  mean: number;
  weight: number;
  length: number;
}

/**
 * Isotonic regression: the non-decreasing sequence with the least weighted squared distance to `values`, by pooling
 * adjacent violators (Ayer et al. 1955). It keeps the weighted mean.
 *
 * @param values in the order in which they should not fall
 * @param weights above 0, one per value; all 1 where left out
 * @returns as many values
 * @throws RangeError when there is not one positive weight per value.
 */
export function isotonicRegression(
  values: readonly number[],
  weights: readonly number[] = values.map(() => 1),
): number[] {
  if (weights.length !== values.length || !weights.every((weight) => weight > 0 && weight < Infinity))
    throw new RangeError('Isotonic regression needs one finite weight above 0 for each value.');
  const blocks: Block[] = [];
  values.forEach((mean, i) => {
    let block: Block = { mean, weight: weights[i]!, length: 1 };
    // Equal means stay apart: pooling them would only round, and fitting a fitted sequence would move it.
    while (blocks.length > 0 && blocks.at(-1)!.mean > block.mean) block = pooled(blocks.pop()!, block);
    blocks.push(block);
  });
  return blocks.flatMap(({ mean, length }) => new Array<number>(length).fill(mean));
}

function pooled(left: Block, right: Block): Block {
  const weight = left.weight + right.weight;
  const mean = (left.mean * left.weight + right.mean * right.weight) / weight;
  return { mean, weight, length: left.length + right.length };
}
