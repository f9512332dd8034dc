/** Cells side by side that look alike. A `ScreenSnapshot` of the protocol has its lines in this form. */
export interface PictureSpan extends PictureStyle {
  text: string
  /**
   * How many columns they take together. Each character takes as many as the others; one with combining marks is a span alone. What
   * differs is drawn, too, but not in its exact place.
   */
  cells: number
}

/** A colour of the palette, 0 to 255, or `#rrggbb`; missing, and for anything else: the default of the theme. */
export type PictureColor = number | string

export interface PictureStyle {
  color?: PictureColor | undefined
  background?: PictureColor | undefined
  bold?: boolean | undefined
  dim?: boolean | undefined
  italic?: boolean | undefined
  underline?: boolean | undefined
  inverse?: boolean | undefined
  strikethrough?: boolean | undefined
  /** The text is not drawn. */
  invisible?: boolean | undefined
}

export interface PictureLine {
  spans: readonly PictureSpan[]
}

/** What a terminal shows. */
export interface PictureScreen {
  /** At most 1000, and with `rows` at most 160,000 cells. */
  cols: number
  rows: number
  /** From the top; the rows below them are empty. */
  lines: readonly PictureLine[]
  /** From 0. @default none is drawn */
  cursor?: {row: number; col: number; is_visible: boolean}
}

const [maxColumns, maxCells] = [1000, 160_000]

/** Throws a `RangeError` for a screen that is too large to be drawn. */
export function expectDrawable({cols, rows}: PictureScreen): void {
  const isDrawable = cols >= 1 && cols <= maxColumns && rows >= 0 && cols * rows <= maxCells
  if (isDrawable) return
  throw new RangeError(`Expected a screen of at most ${maxColumns} columns and ${maxCells} cells, got ${cols}x${rows}`)
}
