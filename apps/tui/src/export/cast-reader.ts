import {decodeOutput, type LoggedEvent} from '@holdfast/protocol'
import {
  toListLine,
  toPlainLine,
  toPlainLines,
  trackRestoreSequences,
  withoutQueries,
  type TerminalSize,
} from '@holdfast/terminal'
import {createAgentReader, describeElided, drawnNoMore, lostPart} from '@holdfast/session-view'

import type {CastEvent} from './asciicast.ts'

/** Turns the events of a session, from its first one on, into what one terminal would have shown of it. */
export interface CastReader {
  /** `at`: epoch ms, and never less than before. */
  read(event: LoggedEvent): CastEvent[]
  /** Of the terminal, after the events so far. */
  readonly size: TerminalSize
}

/** Until an event tells another one: logs of older versions do not. */
const firstSize = {cols: 80, rows: 24}

export function createCastReader(): CastReader {
  const agent = createAgentReader()
  const changes = trackRestoreSequences()
  const decoder = new TextDecoder('utf-8', {ignoreBOM: true})
  let size: TerminalSize = firstSize
  let runner: {agent: string; program?: readonly string[] | undefined} = {agent: 'shell'}
  /** What runs is a prompt of a coding agent, which has no terminal: a line feed alone ends its lines. */
  let isSpoken = false
  let hasOutput = false
  let isLost = false
  let now = 0
  let events: CastEvent[] = []

  const put = (kind: CastEvent['kind'], text: string) => void events.push({at: now, kind, text})
  const print = (output: Parameters<typeof decodeOutput>[0]) => {
    // A terminal that plays the recording would answer the queries.
    const data = withoutQueries(decodeOutput(output))
    changes.track(data)
    const text = decoder.decode(data, {stream: true})
    if (text === '') return
    hasOutput = true
    put('output', isSpoken ? text.replaceAll('\n', '\r\n') : text)
  }
  /** Prints a line of its own, wherever the cursor is. */
  const say = (line: string) => {
    // As zsh does: so many spaces wrap to the next row, except from the first column.
    const toFirstColumn = hasOutput ? `${' '.repeat(size.cols)}\r\x1b[K` : ''
    hasOutput = true
    put('output', `${toFirstColumn}${line.replaceAll('\n', '\r\n')}\r\n`)
  }
  const resize = ({cols = size.cols, rows = size.rows}: Partial<TerminalSize>) => {
    if (cols === size.cols && rows === size.rows) return
    size = {cols, rows}
    put('resize', `${cols}x${rows}`)
  }
  /** A program may have left modes, or the alternate screen, to the next one. */
  const restore = () => {
    if (hasOutput) put('output', changes.restore())
  }

  const take = (event: LoggedEvent) => {
    for (const {text} of agent.read(event)) say(text)
    if (event.type === 'event.lost' && !isLost) put('marker', lostPart)
    isLost = event.type === 'event.lost'
    switch (event.type) {
      case 'session.info':
        runner = event.payload
        break
      case 'message.start': {
        const {text, in_shell, cols, rows} = event.payload
        resize({...(cols !== undefined && {cols}), ...(rows !== undefined && {rows})})
        isSpoken = runner.agent !== 'shell' && in_shell !== true
        if (runner.program !== undefined) break
        put('marker', toListLine(text))
        say(`❯ ${toPlainLines(text).join('\n')}`)
        break
      }
      case 'message.delta':
      case 'background.output':
        print(event.payload)
        break
      case 'screen.drawn': {
        const {at} = event
        for (const {ago_ms, ...output} of event.payload.frames ?? []) {
          now = Math.max(now, at - ago_ms)
          print(output)
        }
        break
      }
      case 'screen.resized':
        resize(event.payload)
        break
      case 'message.complete':
        restore()
        isSpoken = false
        break
      case 'session.marked':
        put('marker', toPlainLine(event.payload.name))
        break
      case 'output.elided':
      case 'background.elided':
        put('marker', describeElided(event.payload))
        break
      case 'screen.elided': {
        const {bytes} = event.payload
        put('marker', bytes === undefined ? drawnNoMore : describeElided({bytes}))
        break
      }
    }
  }

  return {
    get size() {
      return size
    },
    read(event) {
      events = []
      // The frames of a screen came before it was committed.
      if (event.type !== 'screen.drawn') now = Math.max(now, event.at)
      take(event)
      return events
    },
  }
}
