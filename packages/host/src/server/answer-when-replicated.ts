import type {Method, MethodHandlers} from '@holdfast/protocol'
import {RpcError, type HandlerContext} from '@holdfast/rpc'

import type {Replication} from '../fleet/replication.ts'

/**
 * The methods whose answer says that something is in the log. The others act on what runs, such as `session.interrupt`, so that they work
 * while the cluster is away.
 */
const changing: ReadonlySet<string> = new Set([
  'session.create',
  'session.title',
  'session.tag',
  'session.mark',
  'session.close',
  'prompt.submit',
  'prompt.withdraw',
  'prompt.update',
  'prompt.promote',
  'queue.continue',
  'draft.set',
  'approval.answer',
  'agent.policy',
] satisfies Method[])

export interface AnsweringOptions {
  replication: () => Replication | undefined
  /** Of all events of the log. */
  latestSeq: () => number
}

/**
 * Handlers that answer a request that changed the log once the cluster has the change. Also a repeated request, which changes nothing: the
 * first one may still wait.
 */
export function answerWhenReplicated(
  handlers: MethodHandlers<HandlerContext>,
  {replication, latestSeq}: AnsweringOptions,
): MethodHandlers<HandlerContext> {
  /** The end of each peer; a listener for each request would stay as long as the peer. */
  const gone = new WeakMap<HandlerContext['peer'], AbortSignal>()
  const goneOf = (peer: HandlerContext['peer']) => {
    const known = gone.get(peer)
    if (known !== undefined) return known
    const ended = new AbortController()
    gone.set(peer, ended.signal)
    void peer.closed.then(() => ended.abort())
    return ended.signal
  }

  const waiting = Object.entries(handlers).map(([method, handle]) => {
    if (!changing.has(method)) return [method, handle] as const
    const answer: typeof handle = async (params, context) => {
      const result = await handle(params, context)
      // Nobody gets the answer of a peer that is gone.
      const signal = goneOf(context.peer)
      if (method === 'session.close') await untilClosed(replication(), latestSeq(), signal)
      else await replication()?.reached(latestSeq(), {signal})
      return result
    }
    return [method, answer] as const
  })
  return Object.fromEntries(waiting)
}

/** The programs of a session that is being closed have ended: its user need not wait for a cluster that is away. */
async function untilClosed(replication: Replication | undefined, seq: number, signal: AbortSignal): Promise<void> {
  try {
    await replication?.reached(seq, {signal, untilProblem: true})
  } catch (error) {
    const problem = replication?.problem
    if (problem === undefined) throw error
    const message = `The programs of the session have ended; it is closed as soon as that can be saved: ${problem.message}`
    throw new RpcError(problem.code, message)
  }
}
