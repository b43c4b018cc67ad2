/** How a saved report looks: the reader's own typefaces, light or dark as their system is, and on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 52rem;
  background: light-dark(#fbfaf7, #14161a); color: light-dark(#1c1b19, #eceae5);
  font: 16px/1.55 system-ui, sans-serif; overflow-wrap: break-word;
}
h1, h2, .says { font-family: Georgia, serif; line-height: 1.2; }
h1 { font-size: 1.9rem; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
.says { font-size: 1.25rem; line-height: 1.4; }
.soft, dt, figcaption, footer, th { color: light-dark(#57534c, #b3afa6); }
figure { margin: 1rem 0; break-inside: avoid; }
figure svg { max-width: 100%; height: auto; border: 1px solid light-dark(#e4e0d7, #30343c); border-radius: 8px; }
.dark { display: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid light-dark(#e4e0d7, #30343c); text-align: end; vertical-align: top; }
.words { text-align: start; }
th:first-child, td:first-child { min-width: 8rem; }
tr { break-inside: avoid; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .2rem 1.2rem; margin: 0; font-size: .9rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.text { margin: .2rem 0 1rem; padding: .6rem .9rem; border-radius: 8px; background: light-dark(#f3f1eb, #0f1114); font-family: Georgia, serif; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; text-align: start; }
details > summary { cursor: pointer; font-size: .875rem; }
article { break-inside: avoid-page; border-top: 1px solid light-dark(#e4e0d7, #30343c); }
footer { margin-top: 3rem; font-size: .875rem; }
@media (prefers-color-scheme: dark) { .light { display: none; } .dark { display: inline; } }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; background: none; font-size: 11pt; }
  .light { display: inline; } .dark { display: none; }
  .scroll { overflow: visible; }
  a { color: inherit; text-decoration: none; }
}
`;
