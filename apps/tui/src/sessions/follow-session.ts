import type {Client, ClientSession, OpenOptions, Recovery, SessionStatus} from '@holdfast/client'
import {errorCodes, type SessionState} from '@holdfast/protocol'

import {printError} from '../process/print-error.ts'
import {readLog, type ReadOptions} from './read-log.ts'

export type FollowEnd =
  | {kind: 'closed'}
  /** The signal aborted. */
  | {kind: 'stopped'}
  /** The session is out of reach. */
  | {kind: 'failed'; message: string}

export interface FollowOptions extends ReadOptions {
  /** Handles a session that is out of reach. @default following ends */
  watcher?: SessionWatcher
  /** See `OpenOptions`. */
  onState?: OpenOptions['onState']
  /** Called once when the session is open, such as to submit the prompt to follow. @default nothing */
  begin?: (session: ClientSession) => Promise<void>
}

/** Gets the session and its status besides the events. */
export interface SessionWatcher {
  /** The open session; `undefined` while events are read from the log. */
  onSession(session: ClientSession | undefined): void
  onStatus(status: SessionStatus): void
  onRecovered(recovery: Recovery): void
}

/** As `afterSeq`: no earlier events. */
export const fromNow = Number.MAX_SAFE_INTEGER

/** `over`: the session was closed before it could be opened. */
type WatchEnd = FollowEnd | {kind: 'full'} | {kind: 'over'; error: unknown}

/**
 * Passes on the events of a session until it is closed. While a slow reader lags behind, the session is left, and events are
 * read from its log instead, so memory stays bounded. Rejects if the session was closed before `begin`.
 */
export async function followSession(client: Client, sessionId: string, options: FollowOptions): Promise<FollowEnd> {
  const {stdout, signal, watcher} = options
  let {afterSeq, begin} = options
  const onEvent: ReadOptions['onEvent'] = (event, wire) => {
    afterSeq = event.seq
    options.onEvent(event, wire)
  }
  const readOn = () => readLog(client, sessionId, {afterSeq, onEvent, stdout, signal})
  for (;;) {
    if (begin === undefined && (await readOn()).isClosed) return {kind: 'closed'}
    const end = await watch()
    if (end.kind === 'over') {
      if (begin !== undefined) throw end.error
      await readOn()
      return {kind: 'closed'}
    }
    if (end.kind !== 'full') return end
    await stdout.flushed()
  }

  /** Passes on live events while the reader keeps up. */
  async function watch(): Promise<WatchEnd> {
    if (signal?.aborted) return {kind: 'stopped'}
    const ended = Promise.withResolvers<WatchEnd>()
    const stop = () => ended.resolve({kind: 'stopped'})
    signal?.addEventListener('abort', stop)
    let isFull = false
    try {
      const session = await client.openSession(sessionId, {
        afterSeq,
        onEvent(event, wire) {
          // Events after the reader lagged behind are read from the log.
          if (isFull || signal?.aborted) return
          onEvent(event, wire)
          isFull = stdout.isFull
          if (isFull) ended.resolve({kind: 'full'})
        },
        onStatus(status) {
          if (status.kind === 'ended') return ended.resolve({kind: 'closed'})
          if (watcher !== undefined) return watcher.onStatus(status)
          if (status.kind === 'not-saved' || status.kind === 'unresponsive') printError(status.reason)
          if (status.kind === 'detached') ended.resolve({kind: 'failed', message: status.reason})
          if (status.kind === 'gave-up') {
            ended.resolve({kind: 'failed', message: [status.reason, ...status.stderr.slice(-1)].join(': ')})
          }
        },
        onState: options.onState,
        onRecovered: watcher?.onRecovered,
      })
      watcher?.onSession(session)
      afterSeq = session.lastSeq
      const first = begin
      begin = undefined
      await first?.(session)
      const end = await ended.promise
      watcher?.onSession(undefined)
      // If this fails, the gateway sends events that are dropped here.
      if (end.kind === 'full') await session.leave().catch(() => undefined)
      return end
    } catch (error) {
      if ((error as {code?: unknown}).code === errorCodes.sessionClosed) return {kind: 'over', error}
      throw error
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }
}

/** Whether a prompt still runs or waits. Pure. */
export function isPending({running, queue}: SessionState, promptId: string): boolean {
  return running?.prompt_id === promptId || queue.some(({prompt_id}) => prompt_id === promptId)
}
