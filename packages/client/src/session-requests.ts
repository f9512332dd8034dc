import {createPromptId, encodeOutput, errorCodes, type Method, type Params, type Result} from '@holdfast/protocol'
import {isRpcError, RequestTimeoutError} from '@holdfast/rpc'
import {RecoveryError} from '@holdfast/supervisor/supervise'

/** Asks the gateway, whichever it is by then. */
export type AskGateway = <M extends Method>(method: M, params: Params<M>) => Promise<Result<M>>

/** What may be asked of a session, as long as it is open. */
export interface SessionRequests {
  /**
   * Submits a prompt; resolves when it is committed. Sent again, with the same id, as long as it is not known whether it
   * arrived, also after `retry`; it runs at most once. Rejects with what the host refuses it for, or `SessionEndedError`.
   */
  submit(text: string, options?: {promptId?: string}): Promise<Result<'prompt.submit'>>
  /** Takes a waiting prompt back. True: it did not run, and will not. False: it has begun, or there is none. */
  withdraw(promptId: string): Promise<boolean>
  /** Gives a waiting prompt another text. False: it has begun, or there is none. */
  update(promptId: string, text: string): Promise<boolean>
  /** Makes a waiting prompt the next that runs. False: it has begun, or there is none. */
  promote(promptId: string): Promise<boolean>
  /** Keeps what was typed and not submitted, for whoever opens the session next; resolves when it is committed. */
  setDraft(text: string): Promise<void>
  /** Answers a question of `state.approvals`. */
  answer(approvalId: string, choice: string): Promise<void>
  /** For the program that runs. Rejects when it is not known to have arrived; it is not sent again. */
  input(data: Uint8Array, options?: {promptId?: string}): Promise<void>
  /** Ctrl-C for what runs; says whether something did. */
  interrupt(): Promise<boolean>
}

/** How long a prompt waits until it is sent again, ms. */
const shortestPauseMs = 100
const longestPauseMs = 5000

/** `untilReachable` resolves when there is somebody to ask; rejects when there will be nobody. */
export function createSessionRequests(
  id: string,
  request: AskGateway,
  untilReachable: () => Promise<void>,
): SessionRequests {
  return {
    async submit(text, {promptId = createPromptId()} = {}) {
      for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
        try {
          return await request('prompt.submit', {session_id: id, prompt_id: promptId, text})
        } catch (error) {
          if (!mayHaveArrived(error)) throw error
        }
        await pause(pauseMs)
        await untilReachable()
      }
    },
    async withdraw(promptId) {
      return (await request('prompt.withdraw', {session_id: id, prompt_id: promptId})).withdrawn
    },
    async update(promptId, text) {
      return (await request('prompt.update', {session_id: id, prompt_id: promptId, text})).updated
    },
    async promote(promptId) {
      return (await request('prompt.promote', {session_id: id, prompt_id: promptId})).promoted
    },
    async setDraft(text) {
      await request('draft.set', {session_id: id, text})
    },
    async answer(approvalId, choice) {
      await request('approval.answer', {session_id: id, approval_id: approvalId, choice})
    },
    async input(data, {promptId} = {}) {
      const output = encodeOutput(data)
      if (output !== undefined) await request('session.input', {session_id: id, ...output, prompt_id: promptId})
    },
    async interrupt() {
      return (await request('session.interrupt', {session_id: id})).interrupted
    },
  }
}

/** Nobody refused it: the answer was lost, or whoever should have answered. */
function mayHaveArrived(error: unknown): boolean {
  if (isRpcError(error)) return error.code === errorCodes.hostUnavailable
  return error instanceof RequestTimeoutError || (error instanceof RecoveryError && error.code === 'gave-up')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms))
}
