import type {Client, ClientSession, Recovery, SessionStatus} from '@holdfast/client'
import {errorCodes} from '@holdfast/protocol'

import {complain} from '../process/complain.ts'
import {readLog, type ReadOptions} from './read-log.ts'

export type FollowEnd =
  | {kind: 'closed'}
  /** The signal said so. */
  | {kind: 'stopped'}
  /** The session cannot be reached. */
  | {kind: 'failed'; message: string}

export interface FollowOptions extends ReadOptions {
  /** Decides what becomes of a session that cannot be reached. @default the following ends */
  onlooker?: Onlooker
  /** What is to be followed begins here: called once, when the session is watched. @default it began before */
  begin?: () => Promise<void>
}

/** Who does more with a session than to read it. */
export interface Onlooker {
  /** The session, as long as it is watched; `undefined` while it is read from its log. */
  onSession(session: ClientSession | undefined): void
  onStatus(status: SessionStatus): void
  onRecovered(recovery: Recovery): void
}

/** As `afterSeq`: what was there before is not wanted. */
export const fromNow = Number.MAX_SAFE_INTEGER

/**
 * Gives the events of a session as they come, until it is closed. When what was printed waits for a slow reader, the
 * session is left, and read on from its log: so what waits here stays bounded. Rejects where it was closed before `begin`.
 */
export async function followSession(client: Client, sessionId: string, options: FollowOptions): Promise<FollowEnd> {
  let {afterSeq, begin} = options
  const onEvent: ReadOptions['onEvent'] = (event, wire) => {
    afterSeq = event.seq
    options.onEvent(event, wire)
  }
  const onOpen = async ({lastSeq}: ClientSession) => {
    afterSeq = lastSeq
    const first = begin
    begin = undefined
    await first?.()
  }
  for (;;) {
    const isClosed = begin === undefined && (await readLog(client, sessionId, {...options, afterSeq, onEvent})).isClosed
    if (isClosed) return {kind: 'closed'}
    const end = await watchSession(client, sessionId, {...options, afterSeq, onEvent, onOpen})
    if (end.kind === 'over' && begin !== undefined) throw end.error
    if (end.kind === 'over') {
      await readLog(client, sessionId, {...options, afterSeq, onEvent})
      return {kind: 'closed'}
    }
    if (end.kind !== 'full') return end
    await options.stdout.flushed()
  }
}

/** `over`: it was closed before it could be watched. */
type WatchEnd = FollowEnd | {kind: 'full'} | {kind: 'over'; error: unknown}

interface WatchOptions extends Omit<FollowOptions, 'begin'> {
  onOpen: (session: ClientSession) => Promise<void>
}

/** Gives the events as they come, as long as there is room for them. */
async function watchSession(
  client: Client,
  sessionId: string,
  {afterSeq, onEvent, onOpen, stdout, signal, onlooker}: WatchOptions,
): Promise<WatchEnd> {
  if (signal?.aborted) return {kind: 'stopped'}
  const ended = Promise.withResolvers<WatchEnd>()
  const stop = () => ended.resolve({kind: 'stopped'})
  signal?.addEventListener('abort', stop)
  let isFull = false
  try {
    const session = await client.openSession(sessionId, {
      afterSeq,
      onEvent(event, wire) {
        // What came too late to be held back will come again, from the log.
        if (isFull || signal?.aborted) return
        onEvent(event, wire)
        isFull = stdout.isFull
        if (isFull) ended.resolve({kind: 'full'})
      },
      onStatus(status) {
        if (status.kind === 'ended') return ended.resolve({kind: 'closed'})
        if (onlooker !== undefined) return onlooker.onStatus(status)
        if (status.kind === 'not-saved' || status.kind === 'unresponsive') complain(status.reason)
        if (status.kind === 'detached') ended.resolve({kind: 'failed', message: status.reason})
        if (status.kind === 'gave-up') {
          ended.resolve({kind: 'failed', message: [status.reason, ...status.stderr.slice(-1)].join(': ')})
        }
      },
      ...(onlooker === undefined ? {} : {onRecovered: onlooker.onRecovered}),
    })
    onlooker?.onSession(session)
    await onOpen(session)
    const end = await ended.promise
    onlooker?.onSession(undefined)
    // A gateway that cannot be told goes on to send what nobody hears.
    if (end.kind === 'full') await session.leave().catch(() => undefined)
    return end
  } catch (error) {
    if ((error as {code?: unknown}).code === errorCodes.sessionClosed) return {kind: 'over', error}
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
