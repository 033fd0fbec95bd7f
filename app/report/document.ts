import type { Picture } from '../plots/picture';
import type { PictureSize } from '../plots/svg/svgOf';

/*
 * What a report says, before it is HTML or Markdown: plain texts, which each writer escapes in its own way.
 */

export interface Column {
  readonly title: string;
  readonly isText: boolean;
}

export interface ReportTable {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly Column[];
  /** As many cells as columns; the first one names the row. */
  readonly rows: readonly (readonly string[])[];
}

/** A picture; what it shows in figures stands in a table, or in its caption. */
export interface ReportFigure {
  readonly kind: 'figure';
  readonly caption: string;
  readonly pictures: readonly Picture[];
  readonly size: PictureSize;
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'verdict'; readonly tone: string; readonly text: string; readonly mark: string | null }
  | { readonly kind: 'warning'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, string])[] }
  | { readonly kind: 'formula'; readonly text: string }
  | ReportTable
  | ReportFigure;

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly Section[];
}

export const column = (title: string): Column => ({ title, isText: true });
export const figures = (...titles: readonly string[]): readonly Column[] =>
  titles.map((title) => ({ title, isText: false }));

/** A section that has something to say. */
export const sectionOf = (title: string, blocks: readonly Block[]): readonly Section[] =>
  blocks.length === 0 ? [] : [{ title, blocks }];
