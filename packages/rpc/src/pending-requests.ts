import {RequestTimeoutError} from './request-timeout-error.ts'
import {RpcError, rpcErrorCodes} from './rpc-error.ts'
import type {JsonRpcResponse} from './transport.ts'

/** Abandoned ids that are remembered, to tell a late answer from an unknown one. The oldest are forgotten. */
const MAX_ABANDONED = 1024

/** The longest delay that a timer can have, ms. A request with a longer deadline has none. */
const MAX_TIMER_MS = 2 ** 31 - 1

export interface PendingRequest {
  method: string
  timeoutMs: number
  signal: AbortSignal | undefined
  resolve(result: unknown): void
  reject(error: unknown): void
  /** Called after `reject` when the deadline passed or the signal aborted: the peer may stop. */
  onAbandon(id: number): void
}

export interface PendingRequests {
  /** Waits for the answer; returns the id to ask with. No id is given twice. */
  open(request: PendingRequest): number
  has(id: unknown): boolean
  /** Gives an answer to whoever waits for it. `late`: the caller gave up before. `unknown`: nobody asked. */
  settle(response: Pick<JsonRpcResponse, 'result' | 'error'> & {id?: unknown}): 'settled' | 'late' | 'unknown'
  reject(id: number, error: unknown): void
  rejectAll(error: unknown): void
}

/** The requests of ours that wait for an answer. */
export function createPendingRequests(): PendingRequests {
  const waiting = new Map<unknown, {request: PendingRequest; release: () => void}>()
  const abandoned = new Set<unknown>()
  let lastId = 0

  function take(id: unknown): PendingRequest | undefined {
    const entry = waiting.get(id)
    if (!entry) return undefined
    waiting.delete(id)
    entry.release()
    return entry.request
  }

  function abandon(id: number, error: unknown): void {
    const request = take(id)
    if (!request) return
    abandoned.add(id)
    if (abandoned.size > MAX_ABANDONED) abandoned.delete(abandoned.values().next().value)
    request.reject(error)
    request.onAbandon(id)
  }

  return {
    open(request) {
      const {method, timeoutMs, signal} = request
      const id = ++lastId
      const timer =
        timeoutMs <= MAX_TIMER_MS
          ? setTimeout(() => abandon(id, new RequestTimeoutError(method, timeoutMs)), timeoutMs)
          : undefined
      const onAbort = () => abandon(id, signal?.reason)
      signal?.addEventListener('abort', onAbort)
      const release = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      waiting.set(id, {request, release})
      return id
    },
    has: (id) => waiting.has(id),
    settle(response) {
      const request = take(response.id)
      if (!request) return abandoned.delete(response.id) ? 'late' : 'unknown'
      // Some peers send `error: null` beside a result.
      if (response.error === undefined || response.error === null) request.resolve(response.result)
      else request.reject(toRpcError(response.error))
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
    typeof message === 'string' ? message : 'The peer answered with an error that has no message',
    data,
  )
}
