import type {McpServer} from '@agentclientprotocol/sdk'
import type {Breadcrumbs} from '@holdfast/breadcrumbs'

import type {AgentCommand} from '../agent/connect-agent.ts'
import type {Terminals} from '../agent/terminals.ts'
import type {Question} from '../permissions/questions.ts'
import type {PromptPart} from '../prompt/to-content.ts'
import type {PromptEnd} from '../recovery/judge-turn.ts'
import type {Initialized, SessionList} from '../schema/answers.ts'
import type {ConversationEvent} from './conversation-event.ts'
import type {SavedSession} from './saved-session.ts'
import type {SessionSettings} from './session-settings.ts'

export interface ConversationOptions {
  agent: AgentCommand
  /** The folder of a new session, absolute. */
  cwd: string
  /** The session to bring back. @default a new session */
  session?: SavedSession | undefined
  /**
   * Called with each event, in order, while nothing else is read. Errors that it throws are thrown in a microtask of their
   * own. @default events are dropped
   */
  onEvent?: ((event: ConversationEvent) => void) | undefined
  /** Given to the agent with each session. @default none */
  mcpServers?: readonly McpServer[] | undefined
  /**
   * The folders in which the agent may read and write files through `fs/*`, besides that of the session. `false`: the agent
   * gets no `fs/*`, and reads and writes by itself. @default none
   */
  folders?: readonly string[] | false | undefined
  /** Runs the commands of `terminal/*`. @default the agent runs its commands by itself */
  terminals?: Terminals | undefined
  /** Returns the id of an option to answer a question without asking the user. @default every question is asked */
  decide?: ((question: Question) => string | undefined) | undefined
  /** In the environment of all processes of the agent. @default a random UUID */
  mark?: string | undefined
  clientInfo?: {name: string; version: string} | undefined
  /** @default noBreadcrumbs */
  breadcrumbs?: Breadcrumbs | undefined
  timing?: Partial<ConversationTiming> | undefined
}

/** All in ms. */
export interface ConversationTiming {
  /** From the start of the process to its answer to `initialize`. @default 60_000 */
  startTimeoutMs: number
  /** For `session/new`, and for each of `session/resume` and `session/load`. @default 90_000 */
  sessionTimeoutMs: number
  /** For a change of a mode, a model or an option, and for a list. @default 30_000 */
  requestTimeoutMs: number
  /** For a login, which may wait for a browser. @default 300_000 */
  loginTimeoutMs: number
  /** An agent that has not answered a cancelled prompt by then is restarted. @default 10_000 */
  cancelTimeoutMs: number
  /** While a prompt runs, silence of this length is reported, at the latest after twice this time. @default 120_000 */
  silenceMs: number
  /** A load is over when nothing has come for this time after its answer: late parts of the history belong to it. @default 25 */
  quietMs: number
}

export interface ConversationState {
  /** `idle`: no agent runs, and the next call starts one. */
  status: 'idle' | 'starting' | 'ready' | 'recovering' | 'gave-up' | 'closed'
  session: SavedSession | undefined
  /** The prompt that is being answered. */
  promptId: string | undefined
  questions: readonly Question[]
  settings: SessionSettings
  /** What the agent said about itself when it was started last. */
  agent: Initialized | undefined
}

export interface PromptOptions {
  /** @default a random UUID */
  promptId?: string | undefined
}

export interface Conversation {
  readonly state: ConversationState
  /**
   * Starts the agent and its session if they are not there. Rejects with `AcpError`, or with `RecoveryError` of
   * @holdfast/supervisor when the agent cannot be started or dies again and again.
   */
  open(): Promise<void>
  /**
   * Sends a prompt when the agent is there, and resolves when it has ended, however it did. Rejects only if nothing of it was
   * sent: as `open` does, or with `AcpError` `busy`, `unsupported` or `unreadable`. Never sends it twice.
   */
  prompt(prompt: string | readonly PromptPart[], options?: PromptOptions): Promise<PromptEnd>
  /** Cancels the prompt and its questions. False if there is no prompt. */
  cancel(): boolean
  /** Answers a question. False if it is not open any more: the first answer counts. Throws `RangeError` for an unknown option. */
  answer(questionId: string, optionId: string): boolean
  setMode(modeId: string): Promise<void>
  setModel(modelId: string): Promise<void>
  setOption(optionId: string, value: string | boolean): Promise<void>
  /** Logs in with one of `state.agent.authMethods`, now or, if no agent runs, as soon as it asks for it. */
  authenticate(methodId: string): Promise<void>
  /** A page of the sessions that the agent knows. Rejects with `AcpError` `unsupported`. */
  list(options?: {cwd?: string; cursor?: string}): Promise<SessionList>
  /** After `gave-up`, or while a restart waits: starts the agent again, with the same session. */
  retry(): Promise<void>
  /** Gives the session up, and begins a new one, of which the agent knows nothing. */
  startAfresh(): Promise<void>
  /** Ends the agent until it is needed again. False, and nothing happens, while a prompt runs. */
  hibernate(): Promise<boolean>
  /** Closes the session at the agent, which keeps its history, and ends the agent for good. */
  close(): Promise<void>
}
