import {startTimer} from '../async/start-timer.ts'
import {RequestTimeoutError} from '../errors/request-timeout-error.ts'
import {RpcError, rpcErrorCodes} from '../errors/rpc-error.ts'

/** Ids of abandoned requests to remember, which tell a late answer from a repeated one. The oldest are dropped. */
const MAX_ABANDONED = 1024

export interface PendingRequest {
  readonly method: string
  /** `Infinity`: none. */
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  resolve(result: unknown): void
  reject(error: unknown): void
  /** Called before `reject` when the deadline has passed or the signal has aborted. */
  abandoned?(id: number): void
  /** Set while the request is pending. In this object because one object per request costs less than two. */
  dueAt: number
  onAbort: (() => void) | undefined
}

/** An answer as it arrived: only its id has been validated. */
export interface Answer {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

export interface PendingRequests {
  /** Returns the id for a request, and waits for its answer. Never returns an id twice. */
  open(request: PendingRequest): number
  has(id: unknown): boolean
  /**
   * Settles the request that an answer belongs to. `late`: the request was abandoned before. `repeated`: it was answered
   * before. `unknown`: the id was never used.
   */
  settle(answer: Answer): 'settled' | 'late' | 'repeated' | 'unknown'
  reject(id: number, error: unknown): void
  rejectAll(error: unknown): void
}

/** The requests that wait for an answer. One timer serves all their deadlines, as most requests never reach theirs. */
export function createPendingRequests(onAbandon: (id: number) => void): PendingRequests {
  const waiting = new Map<unknown, PendingRequest>()
  const abandoned = new Set<unknown>()
  let lastId = 0
  let stopTimer = () => {}
  /** When the timer fires, on the clock of `performance.now()`. */
  let sweepAt = Infinity

  function take(id: unknown): PendingRequest | undefined {
    const request = waiting.get(id)
    if (request === undefined) return undefined
    waiting.delete(id)
    if (request.onAbort) request.signal?.removeEventListener('abort', request.onAbort)
    // A timer without a purpose would keep the process alive.
    if (waiting.size === 0) disarm()
    return request
  }

  function abandon(id: number, error: unknown): void {
    const request = take(id)
    if (!request) return
    abandoned.add(id)
    if (abandoned.size > MAX_ABANDONED) abandoned.delete(abandoned.values().next().value)
    request.abandoned?.(id)
    request.reject(error)
    onAbandon(id)
  }

  function dueAfter(timeoutMs: number): number {
    if (timeoutMs === Infinity) return Infinity
    const now = performance.now()
    if (now + timeoutMs < sweepAt) arm(now + timeoutMs, now)
    return now + timeoutMs
  }

  function arm(at: number, now: number): void {
    stopTimer()
    sweepAt = at
    stopTimer = startTimer(at - now, sweep)
  }

  function disarm(): void {
    stopTimer()
    sweepAt = Infinity
  }

  function sweep(): void {
    const now = performance.now()
    let next = Infinity
    sweepAt = Infinity
    for (const [id, request] of waiting) {
      const {dueAt} = request
      if (dueAt <= now) abandon(id as number, new RequestTimeoutError(request.method, request.timeoutMs))
      else next = Math.min(next, dueAt)
    }
    if (next < sweepAt && waiting.size > 0) arm(next, now)
  }

  return {
    open(request) {
      const {timeoutMs, signal} = request
      const id = ++lastId
      request.dueAt = dueAfter(timeoutMs)
      if (signal) {
        request.onAbort = () => abandon(id, signal.reason)
        signal.addEventListener('abort', request.onAbort)
      }
      waiting.set(id, request)
      return id
    },
    has: (id) => waiting.has(id),
    settle({id, result, error}) {
      const request = take(id)
      if (request === undefined) {
        if (abandoned.delete(id)) return 'late'
        return typeof id === 'number' && Number.isInteger(id) && id > 0 && id <= lastId ? 'repeated' : 'unknown'
      }
      // Some peers send `error: null` with a result.
      if (error === undefined || error === null) request.resolve(result)
      else request.reject(toRpcError(error))
      return 'settled'
    },
    reject: (id, error) => take(id)?.reject(error),
    rejectAll(error) {
      for (const id of waiting.keys()) take(id)?.reject(error)
    },
  }
}

function toRpcError(error: unknown): RpcError {
  const {code, message, data} = Object(error) as {code?: unknown; message?: unknown; data?: unknown}
  return new RpcError(
    typeof code === 'number' ? code : rpcErrorCodes.internalError,
    typeof message === 'string' ? message : 'The peer answered with an error without a message',
    data,
  )
}
