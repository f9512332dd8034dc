import type {Overlay, OverlayHost} from './overlay.ts'

export interface ConfirmOptions {
  host: OverlayHost
  /** What will be, in a sentence. */
  title: string
  /** What Enter does, what Esc does: `leaves`, `stays`. */
  yes: string
  no: string
  onYes: () => void
}

/** Asks before something is done: Enter does it, Esc does not. */
export function createConfirmOverlay({host, title, yes, no, onYes}: ConfirmOptions): Overlay {
  return {
    view: {title, rows: [], footer: `Enter ${yes} · Esc ${no}`},
    press(key) {
      // An interrupt is for what runs, whatever is asked.
      if (key.kind === 'key' && key.name === 'ctrl-c') return false
      if (key.kind === 'key' && key.name === 'enter') {
        host.close()
        onYes()
      } else if (key.kind === 'key' && key.name === 'escape') host.close()
      return true
    },
  }
}
