/** A colour as every program that reads SVG knows it; null where nothing is to be painted. */
export interface PlainColour {
  /** "rgb(12, 110, 99)" */
  rgb: string;
  /** 0–1 */
  opacity: number;
}

const known = new Map<string, PlainColour | null>();
let pixel: CanvasRenderingContext2D | null = null;

/** Any colour that CSS computes (`color(srgb …)`, say, of a `color-mix()`), by painting a pixel with it. */
export function plainColour(computed: string): PlainColour | null {
  const before = known.get(computed);
  if (before !== undefined) return before;
  const colour = painted(computed);
  known.set(computed, colour);
  return colour;
}

function painted(computed: string): PlainColour | null {
  if (computed === 'none' || computed === 'transparent' || !CSS.supports('color', computed)) return null;
  pixel ??= pixelContext();
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = computed;
  pixel.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = pixel.getImageData(0, 0, 1, 1).data;
  return alpha === 0 ? null : { rgb: `rgb(${red}, ${green}, ${blue})`, opacity: alpha / 255 };
}

function pixelContext(): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  return canvas.getContext('2d', { willReadFrequently: true })!;
}
