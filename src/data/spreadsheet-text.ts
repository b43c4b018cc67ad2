/**
 * Texts in files that a spreadsheet may open. One that begins like a formula would be run there (OWASP, "CSV Injection"),
 * so an apostrophe goes before it, and is taken off when the file comes back. An apostrophe that a text begins with gets a
 * second one, so that every text comes back as it was.
 */

/** OWASP's signs, full-width ones too (Excel takes them for the others in East Asian locales), and the apostrophe itself. */
const GUARDED = /^[=+\-@\t\r\n＝＋－＠']/;

/** The text as a spreadsheet may read it. */
export function guardedText(text: string): string {
  return GUARDED.test(text) ? `'${text}` : text;
}

/** The text that was guarded. One apostrophe before anything else belongs to the text: other programs wrote it. */
export function unguardedText(cell: string): string {
  return cell.startsWith("'") && GUARDED.test(cell.slice(1)) ? cell.slice(1) : cell;
}
