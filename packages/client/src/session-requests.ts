import {
  createPromptId,
  encodeOutput,
  errorCodes,
  type InputCondition,
  type InputObstacle,
  type Method,
  type Params,
  type PermissionPolicy,
  type ProgramInput,
  type Result,
  fitsBytes,
  maxPromptBytes,
  mayBeIncomplete,
  textBytes,
} from '@holdfast/protocol'
import {isRpcError, isRequestTimeout, RpcError} from '@holdfast/rpc'
import {isRecoveryError} from '@holdfast/supervisor/supervise'

/** Sends a request to the present gateway, or to its successor where a repetition is harmless. */
export type GatewayRequest = <M extends Method>(method: M, params: Params<M>) => Promise<Result<M>>

export interface SubmitOptions {
  /** @default createPromptId() */
  promptId?: string
  /** A prompt of a user: it waits for the user where a command before it fails. See `continueQueue`. @default false */
  holdOnFailure?: boolean
  hiddenAt?: number
  ifInput?: ProgramInput
}

export interface SessionRequests {
  /**
   * Submits a prompt. Resolves when the host has committed it. Repeats the request, with the same id, until a host answers:
   * through gateway crashes, and after `retry`. The prompt runs at most once. Rejects with the `RpcError` of the host, one with
   * the code `tooLarge` for more than `maxPromptBytes`, or with
   * `SessionEndedError`. For text that a user types while a program runs: with `hiddenAt`, the `ClientSession.hiddenAt` before
   * its first key, it rejects with the code `maybeSecret` where the echo was seen off since; with `ifInput`, it rejects with
   * `inputChanged` where the running program reads something else at this moment.
   */
  submit(text: string, options?: SubmitOptions): Promise<Result<'prompt.submit'>>
  /**
   * Whether a prompt is an unfinished command, of which the agent would ask for more lines; `false` also where that is not known
   * soon. Runs nothing.
   */
  isIncomplete(text: string): Promise<boolean | string>
  /**
   * Finds what can replace the word at the end of a text, which is what the user has typed up to the cursor; only its last
   * 16,384 UTF-16 units count. An empty text prepares for the next one.
   */
  complete(text: string): Promise<Result<'prompt.complete'>>
  /** Takes a waiting prompt back. `true`: it never runs. `false`: it has started, or there is none with this id. */
  withdraw(promptId: string): Promise<boolean>
  /** Replaces the text of a waiting prompt. `false`: it has started, or there is none with this id. */
  update(promptId: string, text: string): Promise<boolean>
  /** Moves a waiting prompt to the front of the queue. `false`: it has started, or there is none with this id. */
  promote(promptId: string): Promise<boolean>
  /** Lets the prompts run that are held after a failure: see `state.held`. `false`: none is. */
  continueQueue(): Promise<boolean>
  /**
   * Stores an unfinished prompt for the next client that opens the session. Resolves when it is on the disk, or to
   * `{stored: false}` where the text may be a secret, as in `submit`; also while the echo of a program is off.
   */
  setDraft(text: string, options?: {hiddenAt?: number}): Promise<Result<'draft.set'>>
  /**
   * Answers a question of `state.approvals`; `choice` is the id of a choice. Repeats the request until a host answers, like
   * `submit`: the same choice again succeeds. Rejects with the `RpcError` of the host, such as `alreadyAnswered`, or with
   * `SessionEndedError`.
   */
  answer(approvalId: string, choice: string): Promise<void>
  /** Types into the running program. Rejects where the bytes may not have arrived; it never sends them twice. */
  input(data: Uint8Array, options?: {promptId?: string}): Promise<void>
  /**
   * Types only if the program reads at this moment (`reads`), or reads a line that its terminal does not show (`hidden`).
   * Resolves to undefined if it was typed, else to what is in the way. Rejects as `input` does.
   */
  inputWhen(
    condition: InputCondition,
    data: Uint8Array,
    options?: {promptId?: string},
  ): Promise<InputObstacle | undefined>
  /**
   * Sends Ctrl-C to the running program, or stops the coding agent. `promptId`: only while this prompt runs. `false`: nothing was
   * interrupted. Rejects where it may not have arrived.
   */
  interrupt(options?: {promptId?: string}): Promise<boolean>
  /**
   * Changes a setting of the coding agent, of those in `state.agent.settings`. Resolves when the agent has taken it. In a session
   * without an agent, this and the next three reject with the code `notAllowed`.
   */
  setAgent(setting: Params<'agent.set'>['setting']): Promise<void>
  /** Replaces the answers that this session's permission questions get without asking. */
  setPolicy(policy: PermissionPolicy): Promise<void>
  /**
   * Starts the agent again where it is `unavailable`; with `fresh`, gives its session up for a new one, which knows nothing of what
   * was said. The outcome is in `state.agent`. A fresh start is never sent twice.
   */
  restartAgent(options?: {fresh?: boolean}): Promise<void>
  /** Logs in with one of the agent's `auth_methods`. The outcome is in `state.agent`. Never sent twice. */
  loginAgent(methodId: string): Promise<void>
}

/** Fewer than `maxCompletedBytes` of the protocol, whatever the characters are. */
const maxCompletedUnits = 16_384

/** Pauses between repetitions of a request, milliseconds: each is twice as long as the one before. */
const shortestPauseMs = 100
const longestPauseMs = 5000

/** `untilReachable` resolves when the host can be asked, and rejects when the session has ended. */
export function createSessionRequests(
  id: string,
  request: GatewayRequest,
  untilReachable: () => Promise<void>,
): SessionRequests {
  return {
    async submit(text, {promptId = createPromptId(), holdOnFailure, hiddenAt, ifInput} = {}) {
      requirePromptSize(text)
      const typed = {hold_on_failure: holdOnFailure, hidden_at: hiddenAt, if_input: ifInput}
      const submit = () => request('prompt.submit', {session_id: id, prompt_id: promptId, text, ...typed})
      return await repeatUntilAnswered(submit, untilReachable)
    },
    async isIncomplete(text) {
      if (!mayBeIncomplete(text)) return false
      const {incomplete, continuation} = await request('prompt.check', {session_id: id, text})
      return incomplete && (continuation ?? true)
    },
    async complete(text) {
      const from = Math.max(0, text.length - maxCompletedUnits)
      const completions = await request('prompt.complete', {session_id: id, text: text.slice(from)})
      return {...completions, start: completions.start + from}
    },
    async withdraw(promptId) {
      return (await request('prompt.withdraw', {session_id: id, prompt_id: promptId})).withdrawn
    },
    async update(promptId, text) {
      requirePromptSize(text)
      return (await request('prompt.update', {session_id: id, prompt_id: promptId, text})).updated
    },
    async promote(promptId) {
      return (await request('prompt.promote', {session_id: id, prompt_id: promptId})).promoted
    },
    async continueQueue() {
      return (await request('queue.continue', {session_id: id})).continued
    },
    async setDraft(text, {hiddenAt} = {}) {
      return await request('draft.set', {session_id: id, text, hidden_at: hiddenAt})
    },
    async answer(approvalId, choice) {
      const answer = {session_id: id, approval_id: approvalId, choice}
      await repeatUntilAnswered(() => request('approval.answer', answer), untilReachable)
    },
    async input(data, {promptId} = {}) {
      const output = encodeOutput(data)
      if (output !== undefined) await request('session.input', {session_id: id, ...output, prompt_id: promptId})
    },
    async inputWhen(when, data, {promptId} = {}) {
      const output = encodeOutput(data)
      if (output === undefined) return undefined
      return (await request('session.input', {session_id: id, ...output, prompt_id: promptId, when})).not_typed
    },
    async interrupt({promptId} = {}) {
      const only = promptId === undefined ? {} : {prompt_id: promptId}
      return (await request('session.interrupt', {session_id: id, ...only})).interrupted
    },
    async setAgent(setting) {
      await request('agent.set', {session_id: id, setting})
    },
    async setPolicy(policy) {
      await request('agent.policy', {session_id: id, policy})
    },
    async restartAgent({fresh} = {}) {
      await request('agent.restart', {session_id: id, fresh})
    },
    async loginAgent(methodId) {
      await request('agent.login', {session_id: id, method_id: methodId})
    },
  }
}

/** Before it is sent: the connection would refuse a message of more than 32 MiB with another error. */
function requirePromptSize(text: string): void {
  if (fitsBytes(text, maxPromptBytes)) return
  throw new RpcError(
    errorCodes.tooLarge,
    `A prompt has at most ${maxPromptBytes} bytes, and this one ${textBytes(text)}: put the text into a file`,
  )
}

/**
 * Repeats a request whose answer was lost. `untilWorthwhile` is awaited after each pause; it ends the repetition by rejecting.
 * `signal` cuts a pause short.
 */
export async function repeatUntilAnswered<Answer>(
  ask: () => Promise<Answer>,
  untilWorthwhile: () => Promise<void>,
  signal?: AbortSignal,
): Promise<Answer> {
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await ask()
    } catch (error) {
      if (!isUnanswered(error)) throw error
    }
    await pause(pauseMs, signal)
    await untilWorthwhile()
  }
}

/** Repeats a request that the host has taken and that waits for the cluster of a fleet. `signal` cuts a pause short. */
export async function repeatUntilReplicated<Answer>(ask: () => Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isRpcError(error) || error.code !== errorCodes.notReplicated) throw error
    }
    signal?.throwIfAborted()
    await pause(shortestPauseMs, signal)
  }
}

/** Whether the request got no answer: the answer was lost, or neither gateway nor host was running; or the host waits for the cluster of a fleet. */
function isUnanswered(error: unknown): boolean {
  if (isRpcError(error)) return error.code === errorCodes.hostUnavailable || error.code === errorCodes.notReplicated
  return isRequestTimeout(error) || (isRecoveryError(error) && error.code === 'gave-up')
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}
