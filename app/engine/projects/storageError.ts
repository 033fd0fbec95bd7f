/** Files of the browser could not be read or written: why, and the way out. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** A file of the user's disk changed or went before there was a copy of it: nobody can make one any more. */
export class LostFileError extends StorageError {}

const isNamed = (error: unknown, name: string): boolean =>
  error instanceof DOMException && error.name === name;

/** An error of the browser's storage in words. */
export function storageError(error: unknown, doing: string): unknown {
  if (isNamed(error, 'QuotaExceededError'))
    return new StorageError(
      `${doing}: the browser has no more room for this site. Delete projects that you no longer need (Projects…), or save this one as a file.`,
    );
  if (
    isNamed(error, 'SecurityError') ||
    isNamed(error, 'NotAllowedError') ||
    isNamed(error, 'InvalidStateError')
  )
    return new StorageError(
      `${doing}: this browser keeps no files for this page (a private window, or storage is switched off). Save the project as a file to keep it.`,
    );
  if (isNamed(error, 'NotFoundError'))
    return new StorageError(
      `${doing}: a file of the project is gone. The browser may have cleared this site's data, or another tab deleted the project.`,
    );
  return error;
}

/** Whether an error is about where files are kept, and not about what is in them. */
export const isOfStorage = (error: unknown): boolean => storageError(error, '') instanceof StorageError;

/** Whether a file or folder is in use: by another tab, or by a page that has only just gone. */
export const isInUse = (error: unknown): boolean => isNamed(error, 'NoModificationAllowedError');

/** Whether a file of the user's disk changed or went since the page was given it. */
export const isChangedOnDisk = (error: unknown): boolean => isNamed(error, 'NotReadableError');
