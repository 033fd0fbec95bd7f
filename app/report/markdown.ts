import { LIGHT_COLOURS } from '../plots/picture';
import { svgOf } from '../plots/svg/svgOf';
import type { Block, ReportDocument, ReportFigure, ReportTable } from './document';

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

/** A report as Markdown with its pictures beside it, by the paths that the text names. */
export interface MarkdownReport {
  readonly text: string;
  readonly images: ReadonlyMap<string, string>;
}

/**
 * Names for files that every system and every Markdown reader takes; the number keeps the order and tells apart what is
 * titled alike.
 */
function imagePath(number: number, title: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 48);
  return `images/${String(number).padStart(2, '0')}-${name === '' ? 'figure' : name}.svg`;
}

/** A picture of its own, in colours that are readable whatever the reader's scheme: its ground is white. */
function figureText({ caption, pictures, size }: ReportFigure, images: Map<string, string>): string {
  const title = pictures.map((picture) => picture.title ?? '').find((text) => text !== '') ?? 'Figure';
  const path = imagePath(images.size + 1, title);
  images.set(path, svgOf(pictures, size, LIGHT_COLOURS));
  return `![${plain(title)}](${path})\n\n*${plain(caption)}*`;
}

function blockText(block: Block, images: Map<string, string>): string {
  switch (block.kind) {
    case 'paragraph':
      return plain(block.text);
    case 'verdict':
      return `**${plain(block.text)}**${block.mark === null ? '' : ` (${plain(block.mark)})`}`;
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
      return figureText(block, images);
    default:
      return block satisfies never;
  }
}

/**
 * The same as the HTML page says and draws, for repositories, wikis and notebooks. Pictures are files beside the text: GitHub
 * shows no data URIs and no inline SVG, while relative SVG files show there, in VS Code and through pandoc.
 */
export function reportMarkdown({ title, subtitle, sections }: ReportDocument): MarkdownReport {
  const images = new Map<string, string>();
  const parts = sections.flatMap((section) => [
    `## ${plain(section.title)}`,
    ...section.blocks.map((block) => blockText(block, images)),
  ]);
  return { text: `${[`# ${plain(title)}`, plain(subtitle), ...parts].join('\n\n')}\n`, images };
}
