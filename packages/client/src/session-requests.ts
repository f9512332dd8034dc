import {
  createPromptId,
  encodeOutput,
  errorCodes,
  type InputCondition,
  type InputObstacle,
  type Method,
  type Params,
  type Result,
  fitsBytes,
  maxPromptBytes,
  textBytes,
} from '@holdfast/protocol'
import {isRpcError, isRequestTimeout, RpcError} from '@holdfast/rpc'
import {isRecoveryError} from '@holdfast/supervisor/supervise'

/** Sends a request to the present gateway, or to its successor where a repetition is harmless. */
export type GatewayRequest = <M extends Method>(method: M, params: Params<M>) => Promise<Result<M>>

export interface SessionRequests {
  /**
   * Submits a prompt. Resolves when the host has committed it. Repeats the request, with the same id, until a host answers:
   * through gateway crashes, and after `retry`. The prompt runs at most once. Rejects with the `RpcError` of the host, one with
   * the code `tooLarge` for more than `maxPromptBytes`, or with
   * `SessionEndedError`.
   */
  submit(text: string, options?: {promptId?: string}): Promise<Result<'prompt.submit'>>
  /** Takes a waiting prompt back. `true`: it never runs. `false`: it has started, or there is none with this id. */
  withdraw(promptId: string): Promise<boolean>
  /** Replaces the text of a waiting prompt. `false`: it has started, or there is none with this id. */
  update(promptId: string, text: string): Promise<boolean>
  /** Moves a waiting prompt to the front of the queue. `false`: it has started, or there is none with this id. */
  promote(promptId: string): Promise<boolean>
  /** Stores an unfinished prompt for the next client that opens the session. Resolves when it is on the disk. */
  setDraft(text: string): Promise<void>
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
  /** Sends Ctrl-C to the running program. `false`: nothing ran. Rejects where it may not have arrived. */
  interrupt(): Promise<boolean>
}

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
    async submit(text, {promptId = createPromptId()} = {}) {
      requirePromptSize(text)
      const submit = () => request('prompt.submit', {session_id: id, prompt_id: promptId, text})
      return await repeatUntilAnswered(submit, untilReachable)
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
    async setDraft(text) {
      await request('draft.set', {session_id: id, text})
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
    async interrupt() {
      return (await request('session.interrupt', {session_id: id})).interrupted
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

/** Whether the request got no answer: the answer was lost, or neither gateway nor host was running. */
function isUnanswered(error: unknown): boolean {
  if (isRpcError(error)) return error.code === errorCodes.hostUnavailable
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
