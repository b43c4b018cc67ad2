/** What commands write to a terminal: texts of files and models must not steer it (ANSI escapes, cursor moves, bells). */
import { INVISIBLE, visibleControls } from '../src/harness/shown-text.ts';

/** To stderr: progress, and what went wrong. */
export function tell(message: unknown): void {
  console.error(visibleControls(message instanceof Error ? message.message : String(message)));
}

/** A text that a model wrote, to stdout: as it is into a file or a pipe, its control characters made visible on a screen. */
export function print(text: string, onScreen: boolean = process.stdout.isTTY): void {
  console.log(onScreen ? visibleControls(text) : text);
}

/**
 * A value as one line of JSON in which every control character is an escape. `JSON.stringify` leaves those from U+007F on,
 * one of which begins an ANSI sequence as ESC [ does.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    INVISIBLE,
    (control) =>
    Array.from({ length: control.length }, (_, i) => `\\u${control.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''), // prettier-ignore
  );
}
