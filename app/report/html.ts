import type { PlotColours } from '../plots/picture';
import { svgOf } from '../plots/svg/svgOf';
import type { Block, ReportDocument, ReportFigure, ReportTable } from './document';
import { STYLE } from './style';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or an attribute: names of layers may hold anything. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** The style's own colours, so that pictures follow the reader's scheme. */
const COLOURS: PlotColours = {
  before: 'var(--before)',
  after: 'var(--after)',
  hand: 'var(--warn)',
  lost: 'var(--bad)',
  axis: 'var(--dim)',
  grid: 'var(--line)',
  ink: 'var(--ink)',
  ground: 'var(--paper)',
};

function tableHtml({ caption, columns, rows }: ReportTable): string {
  const head = columns
    .map(({ title, isText }) => `<th scope="col"${isText ? ' class="text"' : ''}>${escapeHtml(title)}</th>`)
    .join('');
  const cell = (text: string, i: number) => {
    const kind = columns[i]?.isText ? ' class="text"' : '';
    return i === 0
      ? `<th scope="row"${kind}>${escapeHtml(text)}</th>`
      : `<td${kind}>${escapeHtml(text)}</td>`;
  };
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `<div class="wide" tabindex="0" role="group" aria-label="${escapeHtml(caption)}"><table>
<caption>${escapeHtml(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}

const figureHtml = ({ caption, pictures, size }: ReportFigure): string =>
  `<figure>${svgOf(pictures, size, COLOURS)}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'verdict':
      return `<p class="verdict ${escapeHtml(block.tone)}">${escapeHtml(block.text)}${block.mark === null ? '' : ` <span class="mark">${escapeHtml(block.mark)}</span>`}</p>`;
    case 'warning':
      return `<p class="warning"><b>Warning.</b> ${escapeHtml(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'facts':
      return `<dl>${block.rows.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`;
    case 'formula':
      return `<pre>${escapeHtml(block.text)}</pre>`;
    case 'table':
      return tableHtml(block);
    case 'figure':
      return figureHtml(block);
    default:
      return block satisfies never;
  }
}

/** One page that loads nothing: no script, no font, no picture from elsewhere, and its policy forbids them. */
export function reportHtml({ title, subtitle, sections }: ReportDocument): string {
  const anchor = (index: number) => `section-${index + 1}`;
  const contents = sections
    .map((section, i) => `<li><a href="#${anchor(i)}">${escapeHtml(section.title)}</a></li>`)
    .join('');
  const body = sections
    .map(
      (section, i) =>
        `<section aria-labelledby="${anchor(i)}"><h2 id="${anchor(i)}">${escapeHtml(section.title)}</h2>\n${section.blocks
          .map(blockHtml)
          .join('\n')}</section>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>${escapeHtml(title)}</h1><p class="subtitle">${escapeHtml(subtitle)}</p></header>
<nav aria-label="Contents"><ol>${contents}</ol></nav>
${body}
</main>
</body>
</html>
`;
}
