import type {EventPayload} from '@holdfast/protocol'

import type {AgentLine} from '../../format/agent/agent-line.ts'

/** The parts of a transcript by kind. A finished block is written to the scrollback once. */
export interface Blocks {
  /** A command was started; its output follows. */
  'run-begin': {text: string}
  /** The result of a command. */
  'run-end': EventPayload<'message.complete'>
  /** Lines of output that are not shown; `key` expands them. */
  collapsed: {lines: number; key: string}
  /** Output that is not in the log. */
  elided: EventPayload<'background.elided'>
  /** Lines of output as they are written. */
  lines: {lines: readonly string[]}
  note: {text: string}
  /** What a coding agent does. */
  agent: {lines: readonly AgentLine[]}
  /** The answer to a slash command. */
  answer: {text: string}
  /** A crash and the recovery from it. */
  recovery: {text: string}
  closed: object
  /** The screen leaves this session for another one. */
  left: {title: string; isClosed: boolean}
}

export type Block = {[Kind in keyof Blocks]: {kind: Kind} & Blocks[Kind]}[keyof Blocks]
