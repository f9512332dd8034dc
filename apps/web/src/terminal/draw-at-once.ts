import type {Terminal} from '@xterm/xterm'

/** What xterm 6 has inside, and no name of its own for. */
interface Inside {
  _core?: {_renderService?: {_renderDebouncer?: {_animationFrame?: number; _innerRefresh?: () => void}}}
}

/**
 * Draws now what waits for the next frame, so that the browser has laid it out when that begins. Without effect where xterm has changed
 * inside: the next frame draws it then. For a few outputs, such as echoes: a flood is drawn once for a frame.
 */
export function drawAtOnce(terminal: Terminal): void {
  const waiting = (terminal as Terminal & Inside)._core?._renderService?._renderDebouncer
  if (waiting?._animationFrame === undefined || waiting._innerRefresh === undefined) return
  cancelAnimationFrame(waiting._animationFrame)
  waiting._innerRefresh()
}
