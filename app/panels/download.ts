import type { ExportedFile } from '../../src/index';

/** Hands a file to the browser's downloads. */
export function download(file: ExportedFile) {
  const url = URL.createObjectURL(new Blob([...file.parts], { type: file.mime }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download reads the address after this turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(url), 30_000);
}
