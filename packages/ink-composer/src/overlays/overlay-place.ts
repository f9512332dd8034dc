import type {KeyPress} from '../keys/read-keys.ts'
import type {Overlay, OverlayHost, OverlayView, PressOptions} from './overlay.ts'

/** The place for the overlay: at most one is open. */
export interface OverlayPlace {
  readonly isOpen: boolean
  readonly view: OverlayView | undefined
  /** Opens an overlay in place of the open one. */
  open(create: (host: OverlayHost) => Overlay): void
  /** Closes the overlay without `onChange`. */
  close(): void
  /** `true`: the overlay used the key. */
  press(key: KeyPress, how: PressOptions): boolean
  refresh(): void
}

/** `onChange`: an overlay was opened, has another view, or has closed itself. */
export function createOverlayPlace(onChange: () => void): OverlayPlace {
  let overlay: Overlay | undefined

  const close = () => {
    const closed = overlay
    overlay = undefined
    closed?.closed?.()
  }
  return {
    get isOpen() {
      return overlay !== undefined
    },
    get view() {
      return overlay?.view
    },
    open(create) {
      const isOpen = () => overlay === opened
      const opened = create({
        close() {
          if (!isOpen()) return
          close()
          onChange()
        },
        redraw() {
          if (isOpen()) onChange()
        },
      })
      close()
      overlay = opened
      onChange()
    },
    close,
    press: (key, how) => overlay?.press(key, how) ?? false,
    refresh: () => overlay?.refresh?.(),
  }
}
