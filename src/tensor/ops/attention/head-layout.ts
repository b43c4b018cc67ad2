/** How a row of queries, keys and values is divided. */
export interface HeadLayout {
  heads: number;
  /** Fewer than `heads` under grouped-query attention (Ainslie et al. 2023). */
  kvHeads: number;
  headSize: number;
  /** Multiplies q·k; 1/√headSize unless the architecture says otherwise. */
  scale: number;
}

/** A division into heads that the fused kernels do not compute. */
export class HeadLayoutError extends Error {
  override name = 'HeadLayoutError';
}

/**
 * The WASM kernels take sixteen numbers of a head at a time and the WGSL ones four: they would read beyond others.
 * @throws HeadLayoutError
 */
export function checkHeadLayout({ heads, kvHeads, headSize }: HeadLayout): void {
  if (headSize % 16 !== 0 || headSize === 0) {
    throw new HeadLayoutError(`Heads of ${headSize} numbers: fused attention needs a multiple of 16.`);
  }
  if (heads % kvHeads !== 0) {
    throw new HeadLayoutError(`${heads} query heads do not divide among ${kvHeads} key heads.`);
  }
}
