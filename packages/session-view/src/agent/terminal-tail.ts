import {outputText, type EventPayload} from '@holdfast/protocol'
import {createPlainOutput, toPlainLine} from '@holdfast/terminal/plain'

import {describeElided} from '../texts/outcomes.ts'
import {cutLine} from './plain-lines.ts'

export interface TerminalTailOptions {
  /** The last lines that are kept. */
  maxLines: number
}

/** A command that runs for an agent, with the last lines of its output. */
export interface TerminalTail {
  readonly command: string
  /** Plain text. */
  readonly lines: readonly string[]
  /** Lines before them. */
  readonly left: number
  add(output: EventPayload<'terminal.output'>): void
  /** The log left something out here. */
  elide(payload: EventPayload<'terminal.elided'>): void
  /** The command has ended: its last line may have no end. */
  flush(): void
}

export function createTerminalTail(command: string, {maxLines}: TerminalTailOptions): TerminalTail {
  let lines: string[] = []
  let left = 0
  const write = (text: string) => {
    lines.push(...text.replace(/\n$/, '').split('\n'))
    const excess = lines.length - maxLines
    if (excess <= 0) return
    left += excess
    lines = lines.slice(-maxLines)
  }
  const output = createPlainOutput({write, colours: false, unfinished: false})
  return {
    command: cutLine(toPlainLine(command)),
    get lines() {
      return lines
    },
    get left() {
      return left
    },
    add: (payload) => output.add(outputText(payload)),
    elide: (payload) => output.add(`${describeElided(payload)}\n`),
    flush: output.flush,
  }
}
