import {outputText, type SessionEvent} from '@holdfast/protocol'
import {createPlainOutput, toPlainLine, type PlainOutput} from '@holdfast/terminal'

import {describeElided} from '../outcomes.ts'
import type {AgentLine} from './agent-line.ts'
import {countOf, cutLine, indented} from './plain-lines.ts'
import {remember} from './remember.ts'

/** The last lines of the output of a command that are shown. */
const maxLines = 12
/** Commands whose end has not come; the end of an older one is not drawn. */
const maxTerminals = 50

interface Running {
  command: string
  output: PlainOutput
  /** The last lines. */
  lines: string[]
  /** Lines that are not shown. */
  left: number
}

export type TerminalEvent = SessionEvent & {
  type: 'terminal.started' | 'terminal.output' | 'terminal.elided' | 'terminal.exited'
}

/** The commands that run for an agent: a line when one starts, and the end of its output with its result. */
export function createTerminalLines(): {take(event: TerminalEvent): AgentLine[]} {
  const terminals = new Map<string, Running>()

  const start = (command: string): Running => {
    const running: Running = {
      command: cutLine(toPlainLine(command)),
      lines: [],
      left: 0,
      output: createPlainOutput({write: (text) => addLines(running, text), colours: false, unfinished: false}),
    }
    return running
  }

  return {
    take(event) {
      const id = event.payload.terminal_id
      const running = terminals.get(id)
      switch (event.type) {
        case 'terminal.started': {
          const started = start(event.payload.command)
          remember(terminals, id, started, maxTerminals)
          return [{tone: 'tool', text: `$ ${started.command}`, spoken: `Command: ${started.command}`}]
        }
        case 'terminal.output':
          running?.output.add(outputText(event.payload))
          return []
        case 'terminal.elided':
          running?.output.add(`${describeElided(event.payload)}\n`)
          return []
        case 'terminal.exited': {
          terminals.delete(id)
          if (running === undefined) return []
          running.output.flush()
          const {exit_code, signal} = event.payload
          const how = signal === undefined ? `exit ${exit_code ?? 'status unknown'}` : toPlainLine(signal)
          const left = running.left === 0 ? [] : [countOf(running.left)]
          return [
            ...left,
            ...indented('detail', running.lines),
            {
              tone: exit_code === 0 ? 'tool' : 'failure',
              text: `$ ${running.command} · ${how}`,
              spoken: `Command ended, ${how}: ${running.command}`,
            },
          ]
        }
      }
    },
  }
}

function addLines(running: Running, text: string): void {
  running.lines.push(...text.replace(/\n$/, '').split('\n'))
  const excess = running.lines.length - maxLines
  if (excess <= 0) return
  running.left += excess
  running.lines = running.lines.slice(-maxLines)
}
