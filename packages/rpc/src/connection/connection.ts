import type {SchemaOutput, StandardSchema} from '../schema/standard-schema.ts'
import type {CloseReason, RequestId} from '../transport/transport.ts'
import type {Arguments, MethodName, ParamsOf, ResultOf, UndeclaredMethods} from './methods.ts'

/** What several connections have in work, UTF-16 units of their messages: `{length: 0, maxLength}` to begin with. */
export interface ServedTogether {
  length: number
  /** A single message may be longer. */
  readonly maxLength: number
}

/** `Local` declares the methods of this side, `Remote` those of the peer. */
export interface ConnectionOptions<Local = UndeclaredMethods, Remote = UndeclaredMethods> {
  /** Serve the requests of the peer, and its notifications with the same names. */
  handlers?: Handlers<Local, Remote>
  /** Serves requests that have no handler. @default they are answered with -32601 */
  fallback?: (method: string, params: unknown, context: HandlerContext<Local, Remote>) => unknown
  /** Deadline of each request, ms, above 0. `Infinity`: none. @default 30_000 */
  timeoutMs?: number
  /**
   * After a request in a lane was cancelled or timed out: how long the next request of the lane waits for the peer's
   * answer to it, ms, at least 0. `Infinity`: until the answer comes. @default 1000
   */
  laneGraceMs?: number
  /** The notification that cancels a request at the peer. Both are understood when they arrive. @default 'lsp' */
  cancel?: CancelDialect
  /**
   * Requests and notifications of the peer that may be in work at a time, at least 1. One more request is refused with the
   * code -32000, one more notification is missed and reported. @default 1000
   */
  maxServed?: number
  /** Their messages together, UTF-16 units; a single one may be longer. @default 67_108_864 */
  maxServedLength?: number
  /**
   * The messages in work of all connections that get the same object. One request too many is refused with the code -32000.
   * @default no common bound
   */
  servedTogether?: ServedTogether
  /**
   * Reports faults: a handler that threw something other than an `RpcError`, a subscriber that threw or missed messages, an
   * answer that could not be sent. Errors of this function are ignored. @default faults are only counted
   */
  onFault?: (error: unknown, where: {method: string}) => void
  /**
   * Reports input that is not JSON-RPC, in a sentence without the input: a message may have been lost in it. Errors of this
   * function are ignored. @default noise is only counted
   */
  onNoise?: (message: string) => void
}

/** `lsp`: `$/cancelRequest` with `{id}`. `acp`: `$/cancel_request` with `{requestId}`. */
export type CancelDialect = 'lsp' | 'acp'

export type Handlers<Local = UndeclaredMethods, Remote = UndeclaredMethods> = {
  readonly [Name in keyof Local]?: Handler<Local[Name], Local, Remote>
}

/**
 * Returns the result of a request, or a promise of it; the connection answers `null` for `undefined`. Handlers run as
 * soon as a request arrives, several at a time if they return promises.
 */
export type Handler<Method = UndeclaredMethods[string], Local = UndeclaredMethods, Remote = UndeclaredMethods> = (
  params: ParamsOf<Method>,
  context: HandlerContext<Local, Remote>,
) => ResultOf<Method> | PromiseLike<ResultOf<Method>>

export interface HandlerContext<Local = UndeclaredMethods, Remote = UndeclaredMethods> {
  /** The connection on which the request came. */
  readonly peer: Connection<Local, Remote>
  /** Aborts when the peer cancels the request or is gone. Never aborts after the answer. */
  readonly signal: AbortSignal
  /** `null` for a notification. */
  readonly requestId: RequestId | null
  /** Resolves when the answer was written to the transport, or never will be. For work that must follow the answer. */
  readonly responded: Promise<void>
}

export interface RequestOptions<Local = UndeclaredMethods> {
  /** Cancels the request, also at the peer. The request rejects with the signal's reason. */
  signal?: AbortSignal
  /** Deadline, ms after the request was sent, above 0. `Infinity`: none. @default the connection's `timeoutMs` */
  timeoutMs?: number
  /**
   * Requests in one lane run one after another, in the order of the calls. For methods whose notifications do not say to
   * which request they belong. At most 1000 wait in a lane; one more rejects with `TransportError` `overflow`.
   */
  lane?: string
  /**
   * If this request is cancelled or times out: how long the next request of its lane waits for the peer's answer to it, ms,
   * at least 0. `Infinity`: until the answer comes. @default the connection's `laneGraceMs`
   */
  laneGraceMs?: number
  /**
   * Listeners for the notifications that arrive while this request runs. They are called on arrival, before the request
   * resolves, and promises that they return are not awaited. Requires a `lane`.
   */
  notifications?: {readonly [Name in keyof Local]?: (params: ParamsOf<Local[Name]>) => unknown}
}

export interface SubscribeOptions<Params = unknown> {
  /** Messages that may wait for a busy subscriber, at least 1. Beyond that, messages are missed. @default 1000 */
  maxWaiting?: number
  /**
   * Reports missed messages, after the subscriber has taken those that waited. Messages are kept again from this call on,
   * and delivered after its promise has settled. @default a fault is reported
   */
  onResume?: (gap: Gap<Params>) => unknown
  /** Combines two waiting messages into one. `undefined`: these two must stay apart. @default none are combined */
  merge?: (older: Params, newer: Params) => Params | undefined
  /**
   * Whether a message must be delivered unchanged: it is neither missed nor merged. Beyond `maxWaiting` of them, the
   * connection closes. @default none
   */
  keep?: (params: Params) => boolean
}

/** What a subscriber missed. */
export interface Gap<Params = unknown> {
  missed: number
  /** Params of the first of them. */
  from: Params
}

export interface Counters {
  /** Answers, and notifications for a request in a lane, that came after the request was cancelled or timed out. */
  readonly late: number
  /** Answers whose id was never used. */
  readonly unknown: number
  /** Second answers to a request, and requests with the id of a running one. */
  readonly repeated: number
  /** Notifications that a slow subscriber missed. */
  readonly dropped: number
  /** Input that is not JSON-RPC. */
  readonly noise: number
  /** Faults, as reported to `onFault`. */
  readonly faults: number
  /** Lone surrogates in sent messages, each replaced by U+FFFD. */
  readonly replaced: number
}

export interface Connection<Local = UndeclaredMethods, Remote = UndeclaredMethods> {
  /**
   * Sends a request and validates its result with `options.result`, a schema. Rejects with `SchemaError` if the result
   * does not match, otherwise as the other form does.
   */
  request<Schema extends StandardSchema>(
    method: MethodName<Remote>,
    params: unknown,
    options: RequestOptions<Local> & {result: Schema},
  ): Promise<SchemaOutput<Schema>>
  /**
   * Sends a request. Resolves with the result. Rejects with the `RpcError` that the peer answered, `PeerGoneError`,
   * `RequestTimeoutError`, the signal's reason, or `TransportError` if the request could not be queued.
   */
  request<Name extends MethodName<Remote>>(
    method: Name,
    ...rest: Arguments<Remote[Name], [options?: RequestOptions<Local>]>
  ): Promise<ResultOf<Remote[Name]>>
  /** Sends a notification. Returns `false` if the peer is gone. Throws `TransportError` if it could not be queued. */
  notify<Name extends MethodName<Remote>>(method: Name, ...rest: Arguments<Remote[Name]>): boolean
  /**
   * Calls the subscriber with each notification of a method, on arrival and in order, and returns a function that ends
   * the subscription. While a promise that the subscriber returned is pending, its messages wait, within `maxWaiting`.
   * Does nothing once the peer is gone.
   */
  subscribe<Name extends MethodName<Local>>(
    method: Name,
    subscriber: (params: ParamsOf<Local[Name]>) => unknown,
    options?: SubscribeOptions<ParamsOf<Local[Name]>>,
  ): () => void
  readonly counters: Counters
  /** Bytes in the transport's write queue. */
  readonly queuedBytes: number
  /** Resolves when the transport's write queue has room again, or the peer is gone. */
  drained(): Promise<void>
  /** Resolves once, after the last message was delivered. Never rejects. */
  readonly closed: Promise<CloseReason>
  /** Rejects pending requests, sends the write queue within `deadlineMs` (default 1000), then closes the transport. */
  close(message?: string, options?: {deadlineMs?: number}): Promise<void>
}
