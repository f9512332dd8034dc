import type {KeyPress} from '../keys/read-keys.ts'

/** The content of an overlay: a title, rows of which one may be selected, and its keys. */
export interface OverlayView {
  title?: string
  rows: readonly OverlayRow[]
  /** The index of the selected row. */
  selected?: number
  /** Names the overlay for the code that draws the screen around it. */
  id?: string
  /** Its keys, in one line. */
  footer?: string
}

export interface OverlayRow {
  text: string
  /** An index into the text: what is before it must be visible where the row is cut. @default 0 */
  focus?: number
  /** Shown next to the text. */
  hint?: string | undefined
  /** Shown behind the hint where there is room for it, and cut at its start. */
  detail?: string | undefined
  /** Drawn in place of all of these, as they are: one behind the other, and not cut. */
  runs?: readonly OverlayRun[]
}

/** A part of a row. `token`: how it is drawn where the row is not selected. @default as text */
export interface OverlayRun {
  text: string
  token?: OverlayToken
}

export type OverlayToken = 'accent' | 'badge' | 'error' | 'muted' | 'strong'

/** What keys do, by the default keys of their actions. `false`: the key has no use at the moment. */
export type KeyActions = Readonly<Record<string, () => unknown>>

export interface PressOptions {
  /** The key has waited for the keys before it: the overlay may have been opened since it was pressed. */
  isLate: boolean
}

/** A panel above the composer that gets the keys first. At most one is open; Esc closes it. */
export interface Overlay {
  readonly view: OverlayView
  /** A key by the default key of its action. `true`: the overlay used it. `false`: the composer gets it. */
  press(key: KeyPress, how: PressOptions): boolean
  /** What the overlay shows may have changed. */
  refresh?(): void
  /** The overlay was closed, or replaced by another one. */
  closed?(): void
}

/** The composer, as an overlay sees it. Does nothing once the overlay is closed. */
export interface OverlayHost {
  close(): void
  /** The view has changed. */
  redraw(): void
}
