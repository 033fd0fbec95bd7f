import {
  baseName,
  DeviceError,
  FormatError,
  GraphError,
  isOutOfMemory,
  LayersWantedError,
  MissingFilesError,
  OUT_OF_MEMORY,
  UnsupportedOpError,
} from '../../src/index';
import type { EngineFailure } from './api';
import { StorageError } from './projects/storageError';

/** Thrown by a cancelled job: the signal's reason. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor() {
    super('Cancelled.');
  }
}

/** The ops that are not supported, one a line: of twenty in a row none would be found. */
function listOfOps({ message, ops, wayOut }: UnsupportedOpError): string {
  if (ops.length < 2) return message;
  const lines = ops.map(({ op, count, firstNode }) => `• ${op} (${count}×, first at '${firstNode}')`);
  const head = `The model uses ${ops.length} ops the studio does not support:`;
  return [head, ...lines, ...(wayOut === null ? [] : [wayOut])].join('\n');
}

/** An error in the form that crosses the worker's border. */
export function failureOf(error: unknown): EngineFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Cancelled) return { kind: 'cancelled', message, node: null };
  if (error instanceof MissingFilesError)
    return { kind: 'format', message, node: null, missing: error.missing.map(({ path }) => baseName(path)) };
  if (error instanceof LayersWantedError)
    return { kind: 'format', message, node: null, layers: error.proposal };
  if (error instanceof FormatError) return { kind: 'format', message, node: null };
  if (error instanceof UnsupportedOpError)
    return { kind: 'unsupported', message: listOfOps(error), node: error.ops[0]?.firstNode ?? null };
  if (error instanceof GraphError) return { kind: 'graph', message, node: error.node };
  if (error instanceof StorageError) return { kind: 'storage', message, node: null };
  if (error instanceof DeviceError) return { kind: 'device', message, node: null };
  if (isOutOfMemory(error)) return { kind: 'device', message: `${OUT_OF_MEMORY} (${message})`, node: null };
  // Anything else is our own bug: the console keeps the stack for a report.
  console.error(error);
  return { kind: 'internal', message: `Internal error: ${message}`, node: null };
}
