import type {EventPayload} from '@holdfast/protocol'
import type {AgentBlocks, ShownTool} from '@holdfast/session-view'

import type {ShownChanges} from '../agent/draw-diff.ts'

/** When and where a command was started, as far as it is known when its block is written. */
export interface RunBegun {
  /** The client that submitted it, if that has a name. */
  by?: string | undefined
  /** Epoch ms. */
  at: number
  /** With the git branch in it. */
  folder?: string | undefined
  branch?: string | undefined
}

export interface AnswerPart {
  heading?: string
  text: string
}

/** The parts of a transcript by kind. A finished block is written to the scrollback once. */
export interface Blocks extends AgentBlocks {
  /** All changes of files that the tools of an agent reported. */
  changes: ShownChanges
  /** All that a question of an agent is about. */
  asked: {title: string; tool: ShownTool | undefined}
  /** A command was started; its output follows. */
  'run-begin': {text: string; begun?: RunBegun | undefined; isForAgent?: boolean | undefined}
  /** The result of a command. */
  'run-end': EventPayload<'message.complete'>
  /** Lines of output that are not shown; `key` expands them. */
  collapsed: {lines: number; key: string | undefined}
  /** Output that is not in the log. */
  elided: EventPayload<'background.elided'>
  /** Lines of output as they are written. */
  lines: {lines: readonly string[]}
  note: {text: string}
  /** A problem of the settings or the theme. */
  problem: {text: string}
  /** The answer to a slash command, which is shown before it. */
  answer: {parts: readonly AnswerPart[]; command?: string | undefined}
  /** A crash and the recovery from it. */
  recovery: {text: string}
  closed: EventPayload<'session.closed'>
  /** The screen leaves this session for another one. */
  left: {title: string; isClosed: boolean}
}

export type Block = {[Kind in keyof Blocks]: {kind: Kind} & Blocks[Kind]}[keyof Blocks]
