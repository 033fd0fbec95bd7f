/** Of the report's page: quiet on screens of both schemes, black on white on A4. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1c2128; --dim: #5f6978; --line: #e3e6ea;
  --accent: #3565e8; --good: #137a4b; --bad: #bf3348; --warn: #8f6000; --before: #c3c8cf; --after: #3b6ef5; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #1b1f26; --ink: #e6e9ee; --dim: #97a1b0; --line: #2b313b; --accent: #7ea2ff;
    --good: #4cc38a; --bad: #ff7f8e; --warn: #e3b341; --before: #464e5a; --after: #6f97ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { margin: 0; font-size: 24px; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 40px 0 10px; padding-bottom: 4px; border-bottom: 1px solid var(--line); font-size: 17px; }
.subtitle { margin: 4px 0 0; color: var(--dim); }
a { color: var(--accent); }
p { margin: 8px 0; max-width: 80ch; overflow-wrap: anywhere; }
ul { margin: 8px 0; padding-left: 20px; max-width: 80ch; overflow-wrap: anywhere; }
nav ol { columns: 3 180px; margin: 20px 0 0; padding-left: 20px; font-size: 13px; }
.verdict { padding: 8px 12px; border-left: 4px solid var(--dim); font-size: 16px; font-weight: 600; }
.verdict.better { border-color: var(--good); }
.verdict.worse { border-color: var(--bad); }
.verdict .mark { padding: 0 6px; border: 1px solid var(--warn); border-radius: 5px; font-size: 12px; white-space: nowrap; }
.warning { padding: 6px 12px; border-left: 4px solid var(--warn); }
dl { display: grid; grid-template-columns: minmax(110px, max-content) 1fr; gap: 3px 20px; margin: 10px 0; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: 12px 0; }
.wide:focus-visible { outline: 2px solid var(--accent); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 12.5px; }
caption { padding: 4px 0; text-align: left; font-weight: 600; }
th, td { padding: 3px 10px 3px 0; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; white-space: nowrap; }
thead th { color: var(--dim); font-weight: 500; vertical-align: bottom; }
tbody th { font-weight: 500; }
:is(th, td):not(.text) + :is(th, td).text { padding-left: 10px; }
th.text, td.text { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 70px; max-width: 360px; }
figure { margin: 16px 0 6px; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { color: var(--dim); font-size: 12.5px; }
details { margin: 0 0 12px; font-size: 13px; }
summary { cursor: pointer; color: var(--accent); }
pre { margin: 8px 0; padding: 8px 12px; border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; font: 12.5px/1.6 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; }
@media print {
  @page { size: A4; margin: 16mm 14mm; }
  :root { color-scheme: light; --paper: #ffffff; --ink: #000000; --dim: #444b55; --line: #c9ced6; --accent: #1f47b5;
    --good: #0d5c38; --bad: #9b2136; --warn: #6b4800; --before: #c3c8cf; --after: #3b6ef5; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  h2 { margin-top: 24px; }
  p, li { orphans: 3; widows: 3; }
  nav, details { display: none; }
  .wide { overflow: visible; }
  table { width: 100%; font-size: 8pt; }
  th, td { white-space: normal; padding-right: 6px; }
  thead { display: table-header-group; }
  pre { font-size: 8pt; }
  tr, figure, .verdict, .warning, pre, li, dl { break-inside: avoid; }
  /* A short table stays whole; a long one breaks between rows and repeats its head. */
  table:not(:has(tr:nth-child(25))) { break-inside: avoid; }
  h2, caption, thead { break-after: avoid; }
}
`;
