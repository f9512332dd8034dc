import type {Connection, HandlerContext} from './connection.ts'
import type {RequestId} from '../transport/transport.ts'

/**
 * A request, or a notification, while a handler of ours works on it; at once the context that the handler sees.
 * Its signal and its promise are made when they are asked for: most handlers use neither.
 */
export class ServedRequest implements HandlerContext {
  readonly peer: Connection
  readonly requestId: RequestId | null
  readonly #method: string
  #controller: AbortController | undefined
  #abort: {reason: unknown} | undefined
  #responded: PromiseWithResolvers<void> | undefined
  #isDone: boolean

  constructor(peer: Connection, requestId: RequestId | null, method: string) {
    this.peer = peer
    this.requestId = requestId
    this.#method = method
    // Nobody answers a notification, so there is nothing to wait for.
    this.#isDone = requestId === null
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#abort) this.#controller.abort(this.#abort.reason)
    return this.#controller.signal
  }

  get responded(): Promise<void> {
    this.#responded ??= Promise.withResolvers<void>()
    if (this.#isDone) this.#responded.resolve()
    return this.#responded.promise
  }

  static methodOf(request: ServedRequest): string {
    return request.#method
  }

  static isAborted(request: ServedRequest): boolean {
    return request.#abort !== undefined
  }

  static abort(request: ServedRequest, reason: unknown): void {
    request.#abort ??= {reason}
    request.#controller?.abort(reason)
  }

  /** The answer is on its way, or never will be. */
  static respond(request: ServedRequest): void {
    request.#isDone = true
    request.#responded?.resolve()
  }
}
