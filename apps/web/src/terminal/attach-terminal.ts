import type {Attachment, AttachmentEnd, ClientSession} from '@holdfast/client'
import {createDetachKeyFinder, detachWithinMs} from '@holdfast/terminal'

import {openTerminal, type PageTerminal, type TerminalSize} from './open-terminal.ts'
import {readTerminalTheme} from './terminal-theme.ts'

export interface AttachTerminalOptions {
  parent: HTMLElement
  /** px */
  fontSize: number
  isReadOnly: boolean
  /** Changes what the user has typed, such as by a modifier of the key bar. */
  onTyped: (text: string) => string
  onTitle: (title: string) => void
  /** The terminal is detached. */
  onEnd: (end: TerminalEnd) => void
}

/** `not-attached`: the program could not be attached in the first place. */
export type TerminalEnd = {how: AttachmentEnd} | {how: 'not-attached'; error: unknown}

export interface AttachedTerminal {
  readonly terminal: PageTerminal
  /** Adapts the program to the room that there is. `most`: another client has less. */
  fit(most?: TerminalSize): void
  detach(): void
  dispose(): void
}

const encoder = new TextEncoder()

/** Attaches a new terminal to the running program of a session. Ctrl-\ twice detaches it, as in a terminal emulator. */
export function attachTerminal(session: ClientSession, options: AttachTerminalOptions): AttachedTerminal {
  const {parent, fontSize, isReadOnly, onTyped, onTitle, onEnd} = options
  const isDark = matchMedia('(prefers-color-scheme: dark)')
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
  const send = (text: string) => {
    if (text !== '') attachment?.input(encoder.encode(text))
  }
  const terminal = openTerminal({
    parent,
    fontSize,
    isReadOnly,
    theme: readTerminalTheme(isDark.matches),
    onTitle,
    onMouse: (bytes) => attachment?.input(bytes),
    onInput(text) {
      if (isReadOnly) return
      const {forProgram, isPressed} = finder.feed(onTyped(text))
      send(forProgram)
      clearTimeout(finderTimer)
      if (isPressed) detach()
      else if (finder.isHeld) finderTimer = setTimeout(() => send(finder.release()), detachWithinMs)
    },
  })
  let most: TerminalSize | undefined
  let room = terminal.fit()
  const fit = () => {
    const next = terminal.fit(most)
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
      void attached.ended.then((how) => finish({how}))
    },
    (error: unknown) => finish({how: 'not-attached', error}),
  )

  const ending = new AbortController()
  const {signal} = ending
  isDark.addEventListener('change', () => terminal.setTheme(readTerminalTheme(isDark.matches)), {signal})
  // Else the program would wait for a page that the browser has put to sleep.
  document.addEventListener('freeze', detach, {signal})
  const watching = new ResizeObserver(fit)
  watching.observe(parent)
  return {
    terminal,
    fit(next) {
      most = next
      fit()
    },
    detach,
    dispose() {
      isOver = true
      ending.abort()
      watching.disconnect()
      clearTimeout(finderTimer)
      attachment?.end()
      terminal.dispose()
    },
  }
}
