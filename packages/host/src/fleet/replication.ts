import {RpcError} from '@holdfast/rpc'

/** Why the cluster does not have the last events yet, in the words of the protocol. */
export interface ReplicationProblem {
  code: number
  message: string
}

export interface ReplicationWait {
  /** Gives the wait up, which then rejects with its reason. */
  signal?: AbortSignal | undefined
  /** Rejects with an `RpcError` when there is a problem. @default waits for its end */
  untilProblem?: boolean | undefined
}

/**
 * How far the cluster has the log of a session, in a fleet with the promise `replicated`: nobody may see later events. Sessions without a
 * fleet, and those under the promise `local`, have no `Replication`.
 */
export interface Replication {
  /** The cluster has all events up to this one. */
  readonly seq: number
  /** Why it does not have the last ones; `undefined` if it has them, or gets them right now. */
  readonly problem: ReplicationProblem | undefined
  /** Resolves once the cluster has event `seq`; `undefined` if it has it. Rejects when this host cannot learn that any more. */
  reached(seq: number, wait?: ReplicationWait): Promise<void> | undefined
}

/** The end of it that the shipper moves. */
export interface MovedReplication extends Replication {
  advance(seq: number): void
  setProblem(problem: ReplicationProblem | undefined): void
  /** Rejects all waits, also later ones. */
  end(error: Error): void
}

interface Waiting extends PromiseWithResolvers<void> {
  seq: number
  untilProblem: boolean
}

/** `seq`: the cluster has all events up to this one. */
export function createReplication(seq: number): MovedReplication {
  const waits = new Set<Waiting>()
  let problem: ReplicationProblem | undefined
  let ended: Error | undefined

  const settle = (which: (wait: Waiting) => boolean, how: (wait: Waiting) => void) => {
    for (const wait of waits) {
      if (!which(wait)) continue
      waits.delete(wait)
      how(wait)
    }
  }

  return {
    get seq() {
      return seq
    },
    get problem() {
      return problem
    },
    reached(wanted, {signal, untilProblem = false} = {}) {
      if (wanted <= seq) return undefined
      if (ended !== undefined) return Promise.reject(ended)
      if (untilProblem && problem !== undefined) return Promise.reject(toError(problem))
      if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
      const wait: Waiting = {...Promise.withResolvers<void>(), seq: wanted, untilProblem}
      waits.add(wait)
      const giveUp = () => {
        waits.delete(wait)
        wait.reject(signal?.reason)
      }
      signal?.addEventListener('abort', giveUp, {once: true})
      return wait.promise.finally(() => signal?.removeEventListener('abort', giveUp))
    },
    advance(reached) {
      seq = Math.max(seq, reached)
      settle(
        (wait) => wait.seq <= seq,
        ({resolve}) => resolve(),
      )
    },
    setProblem(now) {
      problem = now
      if (now === undefined) return
      settle(
        ({untilProblem}) => untilProblem,
        ({reject}) => reject(toError(now)),
      )
    },
    end(error) {
      ended ??= error
      settle(
        () => true,
        ({reject}) => reject(error),
      )
    },
  }
}

function toError({code, message}: ReplicationProblem): RpcError {
  return new RpcError(code, message)
}
