/** What a picture's menu fetches when somebody saves. */
export { paintPicture } from './paint.ts';
export { pngFile, svgFile } from './files.ts';
