/* The forms that a report can be saved in; what writes them is loaded when one is asked for. */

export const REPORT_FORMATS = ['html', 'md'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const REPORT_LABELS: { readonly [F in ReportFormat]: string } = {
  html: 'Report (.html)',
  md: 'Report (Markdown, .zip)',
};

export const REPORT_ABOUT: { readonly [F in ReportFormat]: string } = {
  html: 'One page to show others: verdict, tables, plots; opens without network',
  md: 'The same as report.md with its plots as SVG files, for repositories and wikis',
};
