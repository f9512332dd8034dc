import type {CloseReason} from '@holdfast/rpc'

import type {AcpErrorCode} from '../agent/acp-error.ts'
import type {Diagnostic} from '../agent/diagnostics.ts'
import type {Survivor} from '../agent/find-survivors.ts'
import type {UpdateEvent} from '../events/update-events.ts'
import type {QuestionEvent} from '../permissions/questions.ts'
import type {RestorePlan} from '../recovery/plan-restore.ts'
import type {PromptEnd} from '../recovery/judge-turn.ts'
import type {Initialized} from '../schema/answers.ts'
import type {SavedSession} from './saved-session.ts'
import type {SessionSettings} from './session-settings.ts'

export type AgentEvent =
  | {type: 'agent.start'; generation: number}
  | {type: 'agent.ready'; generation: number; pid: number | undefined; agent: Initialized}
  /** An agent that was ready has exited. `requested`: this side ended it. `survivors`: what it left running. */
  | {
      type: 'agent.exit'
      generation: number
      requested: boolean
      reason: CloseReason
      survivors: Survivor[]
      /** Diagnostics beyond the first 100. */
      unreported: number
    }
  /** It is started again. `error`: why it could not be started, if it was not ready. */
  | {type: 'agent.recovering'; attempt: number; of: number; crashLoop: boolean; error?: string}
  /** Nothing is started until `retry`, `startAfresh` or `authenticate`. */
  | {type: 'agent.gave-up'; error?: string; code?: AcpErrorCode}

export type SessionEvent =
  | {type: 'session.new'; session: SavedSession; settings: SessionSettings}
  /** `missing`: prompts that were sent, and that the agent did not replay; 0 for a resume, which replays nothing. */
  | {type: 'session.restored'; by: 'resume' | 'load'; session: SavedSession; missing: number; settings: SessionSettings}
  /** The session is kept: `retry` tries again, `startAfresh` gives it up. */
  | {
      type: 'session.not-restored'
      session: SavedSession
      reason: Extract<RestorePlan, {kind: 'stop'}>['reason']
      /** What the agent answered. */
      error?: string
    }

export type PromptEvent =
  /** It is about to be sent. From now on it is never sent again. `session`: what to save. */
  | {type: 'prompt.sent'; promptId: string; session: SavedSession}
  /** Nothing has come for this time, and no question is open. */
  | {type: 'prompt.silent'; promptId: string; ms: number}
  /** These tools had not ended when the prompt did: nobody knows what they have done. */
  | {type: 'tool.unknown'; promptId: string; toolCallIds: string[]}
  /** These tools have not run: the question about each of them was refused, withdrawn or cancelled. */
  | {type: 'tool.not-run'; promptId: string; toolCallIds: string[]}
  | {type: 'prompt.end'; promptId: string; end: PromptEnd}

/**
 * Updates have the `promptId` of the last prompt. `late`: that has ended before.
 */
export type ConversationEvent =
  | (UpdateEvent & {promptId?: string | undefined; late?: true})
  | AgentEvent
  | SessionEvent
  | PromptEvent
  | QuestionEvent
  | Diagnostic
  | {type: 'file.written'; path: string}
