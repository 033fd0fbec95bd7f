/** Where a resized image's part lies that the model sees, in pixels. */
export interface DrawPlan {
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  /** The part's corner in the resized image. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** 8-bit pixels, row by row: red, green, blue, alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

/**
 * Decodes an image and draws what `plan` says of its size. The browser's part: the core has no DOM. Rejects when the
 * bytes are no image.
 */
export type ImageDecoder = (
  bytes: Uint8Array,
  plan: (width: number, height: number) => DrawPlan,
) => Promise<Pixels>;
