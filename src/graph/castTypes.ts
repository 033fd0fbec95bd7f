import type { DType } from './tensor';

/** An integer type whose values the studio keeps as int32, wrapped around to its range. */
export interface NarrowInteger {
  readonly bits: 8 | 16;
  readonly signed: boolean;
}

interface CastType {
  readonly dtype: DType;
  readonly narrow?: NarrowInteger;
  /** Binary digits that a float keeps. */
  readonly digits?: number;
}

/** PyTorch's dtypes that a cast may name, with the type the studio computes in. */
const CASTS: Readonly<Record<string, CastType>> = {
  'torch.float32': { dtype: 'float32' },
  'torch.float': { dtype: 'float32' },
  'torch.bfloat16': { dtype: 'float32', digits: 8 },
  'torch.int32': { dtype: 'int32' },
  'torch.int': { dtype: 'int32' },
  'torch.int64': { dtype: 'int32' },
  'torch.long': { dtype: 'int32' },
  'torch.int16': { dtype: 'int32', narrow: { bits: 16, signed: true } },
  'torch.int8': { dtype: 'int32', narrow: { bits: 8, signed: true } },
  'torch.uint8': { dtype: 'int32', narrow: { bits: 8, signed: false } },
  'torch.bool': { dtype: 'bool' },
};

/** What a cast makes; null for a dtype that the studio does not know. */
export const castType = (dtype: string): CastType | null =>
  Object.hasOwn(CASTS, dtype) ? (CASTS[dtype] ?? null) : null;

export const CAST_NAMES = Object.keys(CASTS);
