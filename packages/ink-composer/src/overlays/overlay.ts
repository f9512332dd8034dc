import type {KeyPress} from '../keys/read-keys.ts'

/** What an overlay shows: a headline, rows of which one may be chosen, and the keys. */
export interface OverlayView {
  title?: string
  rows: readonly OverlayRow[]
  /** Index of the chosen row. */
  selected?: number
  /** Names the overlay for whoever draws the screen around it. */
  id?: string
  /** In one line: which keys there are. */
  footer?: string
}

export interface OverlayRow {
  text: string
  /** Said beside it. */
  hint?: string
}

/** Something above the composer that keys go to first. There is one at a time; Esc closes it. */
export interface Overlay {
  readonly view: OverlayView
  /** True: the key was for it. False: it is for the composer. */
  press(key: KeyPress): boolean
  /** What the overlay shows may have changed. */
  refresh?(): void
  /** It was closed by Esc, or another one came. */
  closed?(): void
}

/** What an overlay can do to the screen. Once it is closed, nothing. */
export interface OverlayHost {
  close(): void
  /** What the overlay shows has changed. */
  redraw(): void
}
