import type {RequestId} from '../transport/transport.ts'
import type {Connection, HandlerContext} from './connection.ts'

/**
 * A request or a notification that a handler works on; it is also the context that the handler gets. Its signal and its
 * promise are made on first use: most handlers use neither.
 */
export class ServedRequest implements HandlerContext {
  readonly peer: Connection
  readonly requestId: RequestId | null
  readonly #method: string
  readonly #length: number
  #controller: AbortController | undefined
  #abort: {reason: unknown} | undefined
  #responded: Promise<void> | undefined
  #resolveResponded: (() => void) | undefined
  #isDone: boolean

  constructor(peer: Connection, requestId: RequestId | null, method: string, length: number) {
    this.peer = peer
    this.requestId = requestId
    this.#method = method
    this.#length = length
    // A notification has no answer to wait for.
    this.#isDone = requestId === null
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#abort) this.#controller.abort(this.#abort.reason)
    return this.#controller.signal
  }

  get responded(): Promise<void> {
    this.#responded ??= new Promise((resolve) => {
      if (this.#isDone) resolve()
      else this.#resolveResponded = resolve
    })
    return this.#responded
  }

  // Static, so that a handler does not see them in its context.

  static methodOf(request: ServedRequest): string {
    return request.#method
  }

  static lengthOf(request: ServedRequest): number {
    return request.#length
  }

  static isAborted(request: ServedRequest): boolean {
    return request.#abort !== undefined
  }

  static abort(request: ServedRequest, reason: unknown): void {
    request.#abort ??= {reason}
    request.#controller?.abort(reason)
  }

  /** The answer was written, or never will be. */
  static respond(request: ServedRequest): void {
    request.#isDone = true
    request.#resolveResponded?.()
  }
}
