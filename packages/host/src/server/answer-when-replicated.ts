import {errorCodes, type Method, type MethodHandlers} from '@holdfast/protocol'
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
  /** How long an answer waits at most, ms. @default 20_000 */
  waitMs?: number
}

/** Less than a client waits for an answer, ms: it must know that the request has arrived. */
const longestWaitMs = 20_000

/**
 * Handlers that answer a request that changed the log once the cluster has the change. Also a repeated request, which changes nothing: the
 * first one may still wait. One that takes too long is answered with `notReplicated`.
 */
export function answerWhenReplicated(
  handlers: MethodHandlers<HandlerContext>,
  {replication, latestSeq, waitMs = longestWaitMs}: AnsweringOptions,
): MethodHandlers<HandlerContext> {
  const waiting = Object.entries(handlers).map(([method, handle]) => {
    if (!changing.has(method)) return [method, handle] as const
    const answer: typeof handle = async (params, context) => {
      const result = await handle(params, context)
      const until = replication()
      if (until === undefined || until.seq >= latestSeq()) return result
      const late = AbortSignal.timeout(waitMs)
      // Nobody gets the answer of a peer that is gone, or that has given its request up.
      const signal = AbortSignal.any([context.signal, late])
      try {
        if (method === 'session.close') await untilClosed(until, latestSeq(), signal)
        else await until.reached(latestSeq(), {signal})
      } catch (error) {
        throw late.aborted ? notReplicated(until) : error
      }
      return result
    }
    return [method, answer] as const
  })
  return Object.fromEntries(waiting)
}

/** The programs of a session that is being closed have ended: its user need not wait for a cluster that is away. */
async function untilClosed(replication: Replication, seq: number, signal: AbortSignal): Promise<void> {
  try {
    await replication.reached(seq, {signal, untilProblem: true})
  } catch (error) {
    const {problem} = replication
    if (problem === undefined) throw error
    const message = `The programs of the session have ended; it is closed as soon as that can be saved: ${problem.message}`
    throw new RpcError(problem.code, message)
  }
}

function notReplicated({problem}: Replication): RpcError {
  const why = problem?.message ?? 'The cluster of the fleet does not answer'
  return new RpcError(errorCodes.notReplicated, `The host has saved this, but the cluster does not have it yet: ${why}`)
}
