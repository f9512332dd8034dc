import {errorCodes, type SessionState} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

import type {LogWriter} from './log-writer.ts'
import {completeEvent} from './prompt-events.ts'

export interface SessionEndingOptions {
  sessionId: string
  state: () => SessionState
  writer: Pick<LogWriter, 'record' | 'saveError'>
  /** Ends the agent. When this resolves, the end of the running prompt is in the log. */
  endAgent: () => Promise<void>
}

/** How a session is closed for good, and how it leaves its host. */
export interface SessionEnding {
  /** Why the session or its host ends; once set, no prompt starts. */
  readonly reason: string | undefined
  /** Throws an `RpcError` if the session is closed. */
  requireNotClosed(): void
  /** Throws an `RpcError` if the session or its host is about to end. */
  requireNotEnding(): void
  /** See `Session.close`. */
  close(reason: string, by?: string): Promise<boolean>
  /** See `Session.closed`. */
  readonly closed: Promise<void>
  /** See `Session.suspend`. */
  suspend(reason: string): Promise<void>
}

export function createSessionEnding({sessionId, state, writer, endAgent}: SessionEndingOptions): SessionEnding {
  let endReason: string | undefined
  let closing: Promise<void> | undefined
  const recorded = Promise.withResolvers<void>()

  const endingError = () =>
    new RpcError(errorCodes.hostUnavailable, `The host of session ${sessionId} is about to end: try again`)

  const end = async (reason: string) => {
    endReason = reason
    await endAgent()
  }

  /** Ends everything, and records it then: also where that has to wait for room on the disk, nothing of the session runs on. */
  const closeNow = async (reason: string, by: string | undefined) => {
    await end('session-closed')
    const events = () => [
      ...state().queue.map(({prompt_id}) =>
        completeEvent(prompt_id, {status: 'cancelled', reason: 'session-closed'}, undefined),
      ),
      {type: 'session.closed', payload: {reason, by}} as const,
    ]
    writer.record(events, true, recorded.resolve)
  }

  const notClosedYet = () => {
    const {saveError} = writer
    const why = saveError === undefined ? '' : `: ${saveError.message}`
    const message = `The programs of session ${sessionId} have ended; it is closed as soon as that can be saved${why}`
    return new RpcError(saveError?.wireCode ?? errorCodes.storageFailed, message)
  }

  return {
    get reason() {
      return endReason
    },
    requireNotClosed() {
      if (state().closed === null) return
      throw new RpcError(errorCodes.sessionClosed, `Session ${sessionId} is closed: open another one`)
    },
    requireNotEnding() {
      if (endReason !== undefined) throw endingError()
    },
    async close(reason, by) {
      if (state().closed !== null) return false
      const isFirst = closing === undefined
      // This host has recorded that the session continues in the next host, which can close it.
      if (isFirst && endReason !== undefined) throw endingError()
      closing ??= closeNow(reason, by)
      await closing
      if (state().closed === null) throw notClosedYet()
      return isFirst
    },
    closed: recorded.promise,
    async suspend(reason) {
      if (endReason === undefined) await end(reason)
    },
  }
}
