import type {SessionStatus} from '@holdfast/client'
import type {KeyBindings} from '@holdfast/ink-composer'
import type {LoggedEvent, ProgramInput, SessionState, Viewers} from '@holdfast/protocol'
import {isSuccess, type ActivityView} from '@holdfast/session-view'
import type {OutputView, RenderedPrompt, TerminalSize} from '@holdfast/terminal'

import type {Paint} from '../theme/paint.ts'
import type {Tab} from './live/plan-tabs.ts'

/** What the live region shows. A new object for each change. */
export interface ScreenSnapshot {
  size: TerminalSize
  paint: Paint
  /** The keys that hints name. */
  bindings: KeyBindings
  session: SessionState | undefined
  /** The machine that serves the session, if it is another one. */
  machine?: string | undefined
  status: SessionStatus | {kind: 'starting'}
  /** What the running program reads; `undefined`: none runs, or nothing is known. */
  input?: ProgramInput | undefined
  /** The program wants the whole terminal: Enter, or the attach key only, gives it. */
  offer?: 'enter' | 'key' | undefined
  /** The prompt whose answer the coding agent was asked to stop. */
  stopping?: string
  /** Another client is attached to the program. */
  isAttached?: boolean
  /** Who else looks at the session, and the size of its terminal. */
  viewers?: Viewers | undefined
  /** The credential of this client lets it only look. */
  isReadOnly?: boolean
  /** The prompt that ended last was no success. */
  hasFailed?: boolean
  /** The prompt of the session's shell, if the composer is to begin with it. */
  shellPrompt?: RenderedPrompt | undefined
  /** The git branch of the session's folder, if it is known. */
  branch?: string | undefined
  /** The output that the program may still change. */
  output?: OutputView | undefined
  /** What the coding agent does now. */
  activity?: ActivityView | undefined
  /** The line of tabs, if there is one. */
  tabs?: readonly Tab[] | undefined
  /** Prompts that were submitted, and that the host has not committed yet. */
  unsent: readonly {promptId: string; text: string}[]
  notice: string | undefined
  /** Nothing was written yet. */
  isEmpty?: boolean
}

/** The prompts that wait, as the screen shows them: those in the queue, then those that the host has not committed yet. Pure. */
export function waitingPrompts({
  session,
  unsent,
}: ScreenSnapshot): readonly {text: string; held?: boolean | undefined}[] {
  return [...(session?.queue ?? []), ...unsent]
}

/** Whether a client is attached after an event. Pure. */
export function isAttachedAfter(event: LoggedEvent, before: boolean): boolean {
  if (event.type === 'attach.start') return true
  // A host that crashed while a client was attached logs only the end of the run.
  return before && event.type !== 'attach.end' && event.type !== 'message.complete'
}

/** Whether the prompt that ended last was no success, after an event. One that never ran says nothing. Pure. */
export function hasFailedAfter(event: LoggedEvent, before: boolean): boolean {
  if (event.type !== 'message.complete') return before && event.type !== 'message.start'
  return event.payload.status === 'cancelled' ? before : !isSuccess(event.payload)
}
