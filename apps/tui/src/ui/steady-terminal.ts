import type {TerminalSize} from '@holdfast/terminal'

export interface SteadyTerminalOptions {
  stdout: NodeJS.WriteStream
  /** The size for which frames are laid out. */
  size: () => TerminalSize
  /** Whether frames must not be drawn now. Asked before each write. */
  isHeld: () => boolean
}

/** Modes, such as a hidden cursor, which need no size. */
// oxlint-disable-next-line no-control-regex -- control sequences are what this is about
const modeSwitch = /^(?:\u001b\[\?[\d;]+[hl])*$/

/**
 * The terminal as Ink's `stdout`, of a size that does not change between two frames. Frames are dropped while they are held:
 * the rows that they would erase are not where Ink drew them.
 */
export function steadyTerminal({stdout, size, isHeld}: SteadyTerminalOptions): NodeJS.WriteStream {
  const own = {
    get columns() {
      return size().cols
    },
    get rows() {
      return size().rows
    },
    // A resize is followed by a frame: Ink needs no event.
    on: () => terminal,
    off: () => terminal,
    write(chunk: string, onWritten?: () => void) {
      if (isHeld() && !modeSwitch.test(chunk)) return (onWritten?.(), true)
      return stdout.write(chunk, onWritten)
    },
  }
  const terminal: NodeJS.WriteStream = new Proxy(stdout, {
    get(target, key) {
      if (Object.hasOwn(own, key)) return Reflect.get(own, key) as unknown
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return terminal
}
