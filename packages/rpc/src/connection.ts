import type {CloseReason, RequestId} from './transport.ts'

export interface ConnectionOptions {
  /** Serves requests (and notifications with the same name) of the peer. */
  handlers?: Readonly<Record<string, Handler>>
  /** Serves a request that has no handler of its own; without it such a request is answered -32601. */
  fallback?: (method: string, params: unknown, context: HandlerContext) => unknown
  /** Default deadline of a request, ms, above 0. `Infinity`: none. @default 30_000 */
  timeoutMs?: number
  /**
   * Told of faults: a handler that threw something other than an `RpcError`, a subscriber that threw, an answer that
   * could not be sent. What it throws itself is ignored. @default they are only counted
   */
  onFault?: (error: unknown, where: {method: string}) => void
}

export interface HandlerContext {
  peer: Connection
  /** Aborted when the peer goes or cancels the request. Never after the answer: from then on, watch `peer.closed`. */
  signal: AbortSignal
  /** `null` for a notification. */
  requestId: RequestId | null
  /** Resolves when the answer was handed to the transport, or never will be. For work that must come after the answer. */
  responded: Promise<void>
}

/**
 * Returns the result, or a promise of it; `undefined` is answered as `null`. Runs on arrival.
 * `params` is an object, an array or `undefined`; what is in it, only the handler can check: hence `any`, so that it
 * can declare what it expects.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- as said above
export type Handler = (params: any, context: HandlerContext) => unknown

export interface RequestOptions {
  /** Gives up the request, tells the peer so, and rejects with the signal's reason. */
  signal?: AbortSignal
  /** ms, above 0. `Infinity`: none. @default the connection's */
  timeoutMs?: number
}

export interface Connection {
  /**
   * Asks the peer. Rejects with the `RpcError` that it answered with, or with `PeerGoneError`, `RequestTimeoutError`,
   * the signal's reason, or the `TransportError` of a request that could not be queued.
   */
  request(method: string, params?: unknown, options?: RequestOptions): Promise<unknown>
  /** `false`: the peer is gone. Throws `TransportError` when it cannot be queued. */
  notify(method: string, params?: unknown): boolean
  /** Hears each notification of this method, on arrival and in order. Returns the function that ends it. */
  subscribe(method: string, subscriber: (params: unknown) => void): () => void
  /**
   * Answers that came `late` or to `unknown` ids, `noise` that is no JSON-RPC, `faults` as `onFault` is told.
   */
  readonly counters: Readonly<{late: number; unknown: number; noise: number; faults: number}>
  /** Bytes that wait in the transport's queue. */
  readonly queuedBytes: number
  /** Resolves when the transport's queue has room again, or the peer is gone. */
  drained(): Promise<void>
  /** Resolves once, after the last message was delivered. Never rejects. */
  readonly closed: Promise<CloseReason>
  /** Rejects what waits, sends what is queued, then closes the transport. */
  close(message?: string): Promise<void>
}
