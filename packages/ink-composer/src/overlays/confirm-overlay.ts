import type {Overlay, OverlayHost} from './overlay.ts'

export interface ConfirmOptions {
  host: OverlayHost
  /** What is about to happen, in a sentence. */
  title: string
  /** The effects of Enter and Esc, such as `leaves` and `stays`. */
  yes: string
  no: string
  onYes: () => void
}

/** Asks for confirmation: Enter confirms, Esc does not. */
export function createConfirmOverlay({host, title, yes, no, onYes}: ConfirmOptions): Overlay {
  return {
    view: {title, rows: [], footer: `Enter ${yes} · Esc ${no}`},
    press(key) {
      // Ctrl-C is never swallowed by a question.
      if (key.kind === 'key' && key.name === 'ctrl-c') return false
      if (key.kind === 'key' && key.name === 'enter') {
        host.close()
        onYes()
      } else if (key.kind === 'key' && key.name === 'escape') host.close()
      return true
    },
  }
}
