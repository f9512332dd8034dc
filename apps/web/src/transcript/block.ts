import type {Block as MarkdownBlock} from '@holdfast/markdown/blocks'
import type {EventPayload} from '@holdfast/protocol'
import type {AgentBlock} from '@holdfast/session-view'

import type {OutputLines} from './output-lines.ts'

/** The parts of a transcript by kind. A part that changes is another object. */
interface Blocks {
  /** A prompt that was started. */
  prompt: {text: string; at: number; folder: string | undefined; isForAgent: boolean}
  /** What a command, or something in the background, has printed. */
  output: {output: OutputLines; promptId: string | undefined; isRunning: boolean}
  /** What a coding agent says: Markdown. `unfinished`: the end of it, which may still become something else. */
  answer: {finished: readonly MarkdownBlock[]; unfinished: readonly MarkdownBlock[]}
  /** How a prompt ended. */
  end: {payload: EventPayload<'message.complete'>}
  /** A part of what a coding agent did. */
  agent: {part: AgentBlock}
  note: {text: string; isWarning: boolean}
  closed: object
}

/** `id`: stays with the part, whatever is added before it or behind it. */
export type Block = {[Kind in keyof Blocks]: {kind: Kind; id: string} & Blocks[Kind]}[keyof Blocks]

export type BlockOf<Kind extends keyof Blocks> = Extract<Block, {kind: Kind}>
