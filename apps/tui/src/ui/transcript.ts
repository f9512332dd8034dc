import type {LoggedEvent, SessionEvent, SessionInfo} from '@holdfast/protocol'
import type {ColorDepth, OutputView, TerminalSize} from '@holdfast/terminal'

import type {KeyBindings} from '@holdfast/ink-composer'
import type {ActivityView, AgentPart} from '@holdfast/session-view'

import type {Paint} from '../theme/paint.ts'
import type {Place} from './blocks/block-of.ts'
import type {Block} from './blocks/block.ts'

/** A run, or background output, with collapsed lines. */
export interface CollapsedRun {
  kind: 'run'
  /** `undefined` for background output. */
  promptId: string | undefined
  text: string
  /** The output follows this event. */
  afterSeq: number
  /** The output did not pass through a terminal. */
  convertEol: boolean
}

/** The events of a session as lines for the scrollback. */
export interface Transcript {
  takeEvent(event: LoggedEvent, info: SessionInfo | undefined): void
  /** Adds a block that is not part of the session. */
  add(block: Block): void
  /** The next events belong to another session; `block` separates the two. */
  leave(block: Block): void
  /** Finished lines; each is returned once. */
  takeLines(): string[]
  /** Counts the output as finished, although the program may still change it. */
  finishRows(): void
  /** Counts the tentative lines of the output as finished. */
  finishLines(): void
  /** The output that the program may still change. */
  view(): OutputView | undefined
  /** What the coding agent does now. */
  activity(): ActivityView | undefined
  /** Resolves when all events so far are in the lines. */
  readonly settled: Promise<void>
  /** The last run with collapsed output, or the last part of what an agent did that is not shown whole. */
  readonly collapsed: CollapsedRun | AgentPart | undefined
  resize(size: TerminalSize): void
  /**
   * This terminal shows the output of the attachment with this id, as the program prints it, and of no other one.
   */
  handOver(attachId: string, watch: HandOverWatch): void
  /**
   * Resolves after the event of its end to the sequences that erase the rows that the program may still change, on a terminal
   * with the cursor where the program has left it. `isForced`: without that event.
   */
  takeBack(options: {isForced: boolean}): Promise<string>
}

/** Among the lines of a transcript: here, the screen is to be cleared. */
export const clearedScreen = '\f'

export interface HandOverWatch {
  /**
   * Called at the event `attach.start`, when all lines before it can be taken, with the rows that follow below them; with
   * `undefined` if the terminal was taken back before.
   */
  onBegin: (rest: string | undefined) => void
  /** Called with the output of the log since the first `onBegin`. */
  onLogged: (data: Uint8Array) => void
  /** Called when the terminal is taken back: it gets no more. Returns the output that it got and that the log has not brought yet. */
  onEnd: () => Uint8Array
}

export interface TranscriptOptions {
  size: TerminalSize
  depth: ColorDepth
  /** How a block is drawn that is added now. */
  paint: () => Paint
  /** How a folder is shown. @default whole */
  showFolder?: (folder: string) => string
  /** The keys that blocks name. @default each action has its default keys */
  bindings?: KeyBindings
  /** Where a session is when a command starts now. @default not known */
  place?: (info: SessionInfo) => Place | Promise<Place>
  /** The lines or the view have changed. */
  onChange: () => void
}

export type OutputEvent = SessionEvent & {type: 'message.delta' | 'background.output'}

/** Background output is drawn like the output of a command. */
export function isOutput(event: LoggedEvent): event is OutputEvent {
  return event.type === 'message.delta' || event.type === 'background.output'
}
