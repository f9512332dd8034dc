import type {Attachment, ClientSession} from '@holdfast/client'
import {createDetachKeyFinder, detachWithinMs} from '@holdfast/terminal'

import {openTerminal} from './open-terminal.ts'
import type {ShownTerminal, TerminalEnd} from './shown-terminal.ts'

export interface AttachTerminalOptions {
  parent: HTMLElement
  /** px */
  fontSize: number
  /** Changes what the user has typed, such as by a modifier of the key bar. */
  onTyped: (text: string) => string
  onTitle: (title: string) => void
  /** The terminal is detached. */
  onEnd: (end: TerminalEnd) => void
}

const encoder = new TextEncoder()
/** UTF-16 units. */
const maxEarlyLength = 4096

/** Attaches a new terminal to the running program of a session. Ctrl-\ twice detaches it, as in a terminal emulator. */
export function attachTerminal(session: ClientSession, options: AttachTerminalOptions): ShownTerminal {
  const {parent, fontSize, onTyped, onTitle, onEnd} = options
  const finder = createDetachKeyFinder({character: '\\', presses: 2})
  let finderTimer: ReturnType<typeof setTimeout> | undefined
  let attachment: Attachment | undefined
  let isOver = false

  const finish = (end: TerminalEnd) => {
    if (isOver) return
    isOver = true
    onEnd(end)
  }
  const detach = () => {
    if (attachment === undefined) finish({how: 'detached'})
    else attachment.end()
  }
  /** What was typed before the program was attached. */
  let early = ''
  const send = (text: string) => {
    if (attachment === undefined) early = (early + text).slice(0, maxEarlyLength)
    else if (text !== '') attachment.input(encoder.encode(text))
  }
  const terminal = openTerminal({
    parent,
    fontSize,
    isReadOnly: false,
    onTitle,
    onMouse: (bytes) => attachment?.input(bytes),
    onInput(text) {
      const {forProgram, isPressed} = finder.feed(onTyped(text))
      send(forProgram)
      clearTimeout(finderTimer)
      if (isPressed) detach()
      else if (finder.isHeld) finderTimer = setTimeout(() => send(finder.release()), detachWithinMs)
    },
  })
  let room = terminal.fit()
  const fit = () => {
    const next = terminal.fit()
    if (next.cols === room.cols && next.rows === room.rows) return
    room = next
    attachment?.resize(room)
  }
  const attachedAs = room
  session.attach({size: room, isLossless: true, onOutput: (data, how) => terminal.write(data, how)}).then(
    (attached) => {
      attachment = attached
      if (isOver) return attached.end()
      if (room !== attachedAs) attached.resize(room)
      send(early)
      void attached.ended.then((how) => finish({how}))
    },
    (error: unknown) => finish({how: 'not-attached', error}),
  )

  // Else the program would wait for a page that the browser has put to sleep.
  document.addEventListener('freeze', detach)
  const watching = new ResizeObserver(fit)
  watching.observe(parent)
  return {
    terminal,
    dispose() {
      isOver = true
      document.removeEventListener('freeze', detach)
      watching.disconnect()
      clearTimeout(finderTimer)
      attachment?.end()
      terminal.dispose()
    },
  }
}
