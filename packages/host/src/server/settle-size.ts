import type {Size} from '@holdfast/shell'

/** A screen on which a client looks at the session. */
export interface Screen {
  size: Size
  /** The client has typed in the session since it came. */
  hasTyped: boolean
  /** Grows with each size that any client tells. */
  toldAt: number
}

/** The size of the terminal, and the screens that are as wide, or as high. */
export interface SettledSize<S extends Screen> {
  size: Size
  setBy: readonly S[]
}

/**
 * The size of the terminal of a session on several screens; `undefined` without a screen: then it stays as it is.
 *
 * It is as wide as the narrowest screen on which somebody types, and as high as the lowest of them, so that all who work see the
 * whole of it; who only looks makes it no smaller. Until somebody types, the screen that has told its size last decides. An attached
 * terminal decides alone, because only it shows what the program draws. No clock decides: the size changes when somebody comes,
 * leaves, types first, or resizes a window, and not while nobody does anything. Pure.
 */
export function settleSize<S extends Screen>(screens: readonly S[], attached?: S): SettledSize<S> | undefined {
  const counted = attached === undefined ? thatCount(screens) : [attached]
  if (counted.length === 0) return undefined
  const size = {
    cols: Math.min(...counted.map((screen) => screen.size.cols)),
    rows: Math.min(...counted.map((screen) => screen.size.rows)),
  }
  return {size, setBy: counted.filter((screen) => screen.size.cols === size.cols || screen.size.rows === size.rows)}
}

function thatCount<S extends Screen>(screens: readonly S[]): readonly S[] {
  const typing = screens.filter(({hasTyped}) => hasTyped)
  if (typing.length > 0) return typing
  const last = Math.max(...screens.map(({toldAt}) => toldAt))
  return screens.filter(({toldAt}) => toldAt === last)
}
