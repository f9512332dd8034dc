import type {Connection, HandlerContext} from './connection.ts'
import type {RequestId} from './transport.ts'

/** A request, or a notification, while a handler of ours works on it. */
export interface ServedRequest {
  readonly method: string
  readonly context: HandlerContext
  readonly aborted: boolean
  abort(reason: unknown): void
  /** The answer is on its way, or never will be. */
  respond(): void
}

/** The signal and the promise of a context are made when they are asked for: most handlers use neither. */
export function createServedRequest(peer: Connection, requestId: RequestId | null, method: string): ServedRequest {
  let controller: AbortController | undefined
  let abortReason: {reason: unknown} | undefined
  let responded: PromiseWithResolvers<void> | undefined
  // Nobody answers a notification, so there is nothing to wait for.
  let done = requestId === null

  const context: HandlerContext = {
    peer,
    requestId,
    get signal() {
      controller ??= new AbortController()
      if (abortReason) controller.abort(abortReason.reason)
      return controller.signal
    },
    get responded() {
      responded ??= Promise.withResolvers<void>()
      if (done) responded.resolve()
      return responded.promise
    },
  }

  return {
    method,
    context,
    get aborted() {
      return abortReason !== undefined
    },
    abort(reason) {
      abortReason ??= {reason}
      controller?.abort(reason)
    },
    respond() {
      done = true
      responded?.resolve()
    },
  }
}
