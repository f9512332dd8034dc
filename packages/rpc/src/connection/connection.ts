/* oxlint-disable typescript/no-explicit-any -- what crosses the wire is declared by whoever handles it */
import type {SchemaOutput, StandardSchema} from '../schema/standard-schema.ts'
import type {CloseReason, RequestId} from '../transport/transport.ts'

export interface ConnectionOptions {
  /** Serves requests (and notifications with the same name) of the peer. */
  handlers?: Readonly<Record<string, Handler>>
  /** Serves a request that has no handler of its own; without it such a request is answered -32601. */
  fallback?: (method: string, params: unknown, context: HandlerContext) => unknown
  /** Default deadline of a request, ms, above 0. `Infinity`: none. @default 30_000 */
  timeoutMs?: number
  /**
   * How long the next call of a lane is held back for the answer of one that was given up, ms, at least 0. What the
   * peer still sends for that one goes to nobody. `Infinity`: until the answer. @default 1000
   */
  laneGraceMs?: number
  /**
   * Told of faults: a handler that threw something other than an `RpcError`, a subscriber that threw or missed
   * messages, an answer that could not be sent. What it throws or rejects with is ignored. @default they are only counted
   */
  onFault?: (error: unknown, where: {method: string}) => void
}

export interface HandlerContext {
  readonly peer: Connection
  /** Aborted when the peer goes or cancels the request. Never after the answer: from then on, watch `peer.closed`. */
  readonly signal: AbortSignal
  /** `null` for a notification. */
  readonly requestId: RequestId | null
  /** Resolves when the answer was handed to the transport, or never will be. For work that must come after the answer. */
  readonly responded: Promise<void>
}

/**
 * Returns the result, or a promise of it; `undefined` is answered as `null`. Runs on arrival.
 * `params` is an object, an array or `undefined`; what is in it, only the handler can check (or `withParams`): hence
 * `any`, so that it can declare what it expects.
 */
export type Handler = (params: any, context: HandlerContext) => unknown

export interface RequestOptions {
  /** Gives up the request, tells the peer so, and rejects with the signal's reason. */
  signal?: AbortSignal
  /** ms from the moment it is sent, above 0. `Infinity`: none. @default the connection's */
  timeoutMs?: number
  /**
   * Calls in one lane run one after another, in the order in which they were made: for calls whose notifications do not
   * say to which of them they belong. 1000 may wait; one more rejects with `TransportError` `overflow`.
   */
  lane?: string
  /**
   * Hear the notifications of these methods that arrive while this call is the one that its lane is running: all of
   * them before it resolves, none after. A promise that one returns is not waited for; that it rejects is a fault. Only
   * with a `lane`.
   */
  notifications?: Readonly<Record<string, (params: any) => unknown>>
}

export interface SubscribeOptions {
  /** Messages that may wait for a subscriber whose promise has not settled, at least 1. @default 1000 */
  maxWaiting?: number
  /**
   * What happens to the next one. `pause`: nothing more is kept; once the subscriber has worked off what waits,
   * `onResume` tells it from where. `drop-oldest`: the oldest is dropped. Both are counted. @default 'pause'
   */
  whenFull?: 'pause' | 'drop-oldest'
  /** Makes one of two that wait, so that less has to be kept. `undefined`: these two cannot be merged. */
  merge?: (older: any, newer: any) => unknown
  /**
   * Whether this message (a final, an approval) is never dropped and never merged. As many of them may wait beside the
   * others; one more than that closes the connection. @default none
   */
  keep?: (params: any) => boolean
  /**
   * Something was missed. Messages are kept again from the moment of this call; none is delivered before its promise
   * settles. @default it is a fault
   */
  onResume?: (gap: Gap) => unknown
  /**
   * Gives the subscriber the params as JSON on one line, too, as they came: for `notify` of another connection, which then
   * need not make it anew. Left out where it is not at hand: for a message that had to wait, or was written otherwise
   * than we would. @default false
   */
  withJson?: boolean
}

/** What a paused subscriber missed. */
export interface Gap {
  /** How many messages; those that are always kept are not among them. */
  missed: number
  /** The params of the first of them. */
  from: unknown
}

export interface Counters {
  /** Answers, and notifications for a call in a lane, that came after their caller had given up. */
  readonly late: number
  /** Answers to ids that were never given. */
  readonly unknown: number
  /** Answers to ids that were answered before, and requests with the id of one that is still running. */
  readonly repeated: number
  /** Notifications that a slow subscriber missed. */
  readonly dropped: number
  /** What arrived and is no JSON-RPC. */
  readonly noise: number
  /** Faults, as `onFault` is told. */
  readonly faults: number
  /** Lone surrogates in what was sent, each replaced by U+FFFD. */
  readonly replaced: number
}

export interface Connection {
  /**
   * Asks the peer. Rejects with the `RpcError` that it answered with, or with `PeerGoneError`, `RequestTimeoutError`,
   * the signal's reason, or the `TransportError` of a request that could not be queued.
   */
  request(method: string, params?: unknown, options?: RequestOptions): Promise<unknown>
  /** Checks the result as well. Rejects with `SchemaError` when it does not fit. */
  request<Schema extends StandardSchema>(
    method: string,
    params: unknown,
    options: RequestOptions & {result: Schema},
  ): Promise<SchemaOutput<Schema>>
  /**
   * `false`: the peer is gone. Throws `TransportError` when it cannot be queued. `json`: the params as JSON on one line,
   * where that is known already; then it is sent as it is, and the params are handed over: they are not changed any more.
   */
  notify(method: string, params?: unknown, json?: string): boolean
  /**
   * Hears each notification of this method, on arrival and in order; a subscriber that returns a promise hears the next
   * one when it has settled. Returns the function that ends it. Once the peer is gone, it does nothing. `json`: see
   * `withJson`.
   */
  subscribe(
    method: string,
    subscriber: (params: unknown, json?: string) => unknown,
    options?: SubscribeOptions,
  ): () => void
  readonly counters: Counters
  /** Bytes that wait in the transport's queue. */
  readonly queuedBytes: number
  /** Resolves when the transport's queue has room again, or the peer is gone. */
  drained(): Promise<void>
  /** Resolves once, after the last message was delivered. Never rejects. */
  readonly closed: Promise<CloseReason>
  /** Rejects what waits, sends what is queued within `deadlineMs` (default 1000), then closes the transport. */
  close(message?: string, options?: {deadlineMs?: number}): Promise<void>
}
