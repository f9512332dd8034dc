import type {EventPayload, SessionEvent} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal/plain'

import type {AgentLine} from './agent-line.ts'
import {countOf, indented} from './plain-lines.ts'
import {remember} from './remember.ts'
import {createTerminalTail, type TerminalTail} from './terminal-tail.ts'

/** Commands whose end has not come; the end of an older one is not drawn. */
export const maxTerminals = 50

export type TerminalEvent = SessionEvent & {
  type: 'terminal.started' | 'terminal.output' | 'terminal.elided' | 'terminal.exited'
}

/**
 * The commands that run for an agent: a line when one starts, and the end of its output, `maxLines` lines, with its result.
 */
export function createTerminalLines(maxLines: number): {take(event: TerminalEvent): AgentLine[]} {
  const terminals = new Map<string, TerminalTail>()

  return {
    take(event) {
      const id = event.payload.terminal_id
      const running = terminals.get(id)
      switch (event.type) {
        case 'terminal.started': {
          const started = createTerminalTail(event.payload.command, {maxLines})
          remember(terminals, id, started, maxTerminals)
          return [{tone: 'tool', text: `$ ${started.command}`, spoken: `Command: ${started.command}`}]
        }
        case 'terminal.output':
          running?.add(event.payload)
          return []
        case 'terminal.elided':
          running?.elide(event.payload)
          return []
        case 'terminal.exited': {
          terminals.delete(id)
          if (running === undefined) return []
          running.flush()
          const how = describeExit(event.payload)
          const left = running.left === 0 ? [] : [countOf(running.left)]
          return [
            ...left,
            ...indented('detail', running.lines),
            {
              tone: event.payload.exit_code === 0 ? 'tool' : 'failure',
              text: `$ ${running.command} · ${how}`,
              spoken: `Command ended, ${how}: ${running.command}`,
            },
          ]
        }
      }
    },
  }
}

/** `exit 0`, or the signal. Pure. */
export function describeExit({exit_code, signal}: EventPayload<'terminal.exited'>): string {
  return signal === undefined ? `exit ${exit_code ?? 'status unknown'}` : toPlainLine(signal)
}
