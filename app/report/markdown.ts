import type { Block, ReportDocument, ReportTable } from './document';

/**
 * Text that Markdown takes for itself (CommonMark and GitHub's tables). An underscore inside of a word is none of it, so
 * that names stay readable.
 */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/[\\`*[\]<>|~$&]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/^(\s*)([#+\-=]|\d+(?=[.)](?:\s|$)))/, '$1\\$2');

/** A number before its point cannot be escaped: the point is. */
const safeStart = (text: string): string => text.replace(/^(\s*)\\(\d+)([.)])/, '$1$2\\$3');

const plain = (text: string): string => safeStart(escapeMarkdown(text));

function tableText({ caption, columns, rows }: ReportTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [
    `**${plain(caption)}**`,
    '',
    line(columns.map(({ title }) => title)),
    `| ${columns.map(({ isText }) => (isText ? '---' : '---:')).join(' | ')} |`,
    ...rows.map(line),
  ].join('\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return plain(block.text);
    case 'verdict':
      return `**${plain(block.text)}**`;
    case 'warning':
      return `> **Warning.** ${plain(block.text)}`;
    case 'list':
      return block.items.map((item) => `- ${plain(item)}`).join('\n');
    case 'facts':
      return block.rows.map(([name, value]) => `- ${plain(name)}: ${plain(value)}`).join('\n');
    case 'formula':
      return ['```', block.text, '```'].join('\n');
    case 'table':
      return tableText(block);
    case 'figure':
      // No picture reaches every Markdown reader; the tables have its figures.
      return `*Drawn in the HTML report.* ${plain(block.caption)}`;
    default:
      return block satisfies never;
  }
}

/** The same as the HTML page says, for wikis, pull requests and notebooks. */
export function reportMarkdown({ title, subtitle, sections }: ReportDocument): string {
  const parts = sections.flatMap((section) => [
    `## ${plain(section.title)}`,
    ...section.blocks.map(blockText),
  ]);
  return `${[`# ${plain(title)}`, plain(subtitle), ...parts].join('\n\n')}\n`;
}
