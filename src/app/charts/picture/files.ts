import typeface from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';
import { svgElement } from './svg.ts';

/** Pixels of a PNG for each CSS pixel: sharp on slides and in print. */
const SCALE = 2;

/** A picture as a file that needs nothing else: the page's typeface is in it. */
export async function svgFile(picture: SVGElement): Promise<Blob> {
  return new Blob([await svgText(picture)], { type: 'image/svg+xml' });
}

/** The same as pixels. @throws Error where the browser cannot draw it */
export async function pngFile(picture: SVGElement): Promise<Blob> {
  const url = URL.createObjectURL(await svgFile(picture));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Number(picture.getAttribute('width')) * SCALE;
    canvas.height = Number(picture.getAttribute('height')) * SCALE;
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await pixelsOf(canvas);
  } finally {
    URL.revokeObjectURL(url);
  }
}

function pixelsOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The picture is too large to be saved as PNG; save it as SVG.'));
    }, 'image/png'),
  );
}

async function svgText(picture: SVGElement): Promise<string> {
  const whole = picture.cloneNode(true) as SVGElement;
  const face = await typefaceRule();
  if (face) whole.querySelector('desc')?.after(svgElement('style', {}, [face]));
  return new XMLSerializer().serializeToString(whole);
}

let rule: Promise<string | null> | null = null;

/** The typeface inside a rule, read once; null where it cannot be had, and texts are set in the reader's own. */
function typefaceRule(): Promise<string | null> {
  rule ??= fetch(typeface)
    .then((answer) => (answer.ok ? answer.blob() : Promise.reject(new Error(answer.statusText))))
    .then(dataUrl)
    .then(
      (url) => `@font-face{font-family:"Inter Variable";font-weight:100 900;src:url(${url}) format("woff2")}`,
    )
    .catch(() => {
      rule = null;
      return null;
    });
  return rule;
}

function dataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^data:[^;,]*/, 'data:font/woff2'));
    reader.onerror = () => reject(new Error('The typeface cannot be read.'));
    reader.readAsDataURL(file);
  });
}
