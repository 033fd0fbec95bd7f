import { PickleObject } from '../pickle/value';

/** A storage: the bytes that one or several tensors are views of, kept outside of the pickle. */
export class StorageRef extends PickleObject {
  readonly title = 'a storage';
  constructor(
    readonly key: string,
    /** The dtype of its elements, by PyTorch's name. */
    readonly dtype: string,
    /** Elements of that dtype. */
    readonly count: number,
    /** Where it starts inside the stored bytes, in elements (views of old files). */
    readonly start: number,
  ) {
    super();
  }
}

/** A tensor as PyTorch saves it: a view of a storage. Sizes, strides and offset count elements of `dtype`. */
export class StoredTensor extends PickleObject {
  readonly title = 'a tensor';
  constructor(
    readonly storage: StorageRef,
    readonly dtype: string,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
    /** An `nn.Parameter`. */
    readonly parameter: boolean,
  ) {
    super();
  }

  asParameter(): StoredTensor {
    return new StoredTensor(this.storage, this.dtype, this.offset, this.shape, this.strides, true);
  }
}

/** A dtype, a device or a class that is only named in a file. */
export class NamedObject extends PickleObject {
  constructor(readonly title: string) {
    super();
  }
}
