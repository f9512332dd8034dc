import type {EventPayload} from '@holdfast/protocol'

/** What the transcript is made of, by kind. A block that is finished goes to the terminal's scrollback, once. */
export interface Blocks {
  /** A run begins; its output follows. */
  'run-begin': {text: string}
  /** How it ended. */
  'run-end': EventPayload<'message.complete'>
  /** So many lines of its output are not shown. `key`: what opens them. */
  folded: {lines: number; key: string}
  /** So much of its output is not even in the log. */
  elided: EventPayload<'background.elided'>
  /** Lines of output, as they go to the terminal. */
  lines: {lines: readonly string[]}
  /** The terminal was in the hands of the program for a while. */
  attached: EventPayload<'attach.end'>
  note: {text: string}
  /** What a word of the screen was asked for, apart from what came before. */
  answer: {text: string}
  /** Something died, and what became of it. */
  recovery: {text: string}
  closed: object
  /** The screen turns from this session to another one. */
  left: {title: string; isClosed: boolean}
}

export type Block = {[Kind in keyof Blocks]: {kind: Kind} & Blocks[Kind]}[keyof Blocks]
