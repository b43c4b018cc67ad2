/** Where something stands in a picture, in CSS pixels from its upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Turns places in the window into places in the picture. */
export interface Origin {
  left: number;
  top: number;
}

export const boxOf = (rect: DOMRect, { left, top }: Origin): Box => ({
  x: rect.left - left,
  y: rect.top - top,
  width: rect.width,
  height: rect.height,
});

/** The smallest box around all of these. */
export function around(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}
