import {PeerGoneError} from './peer-gone.ts'
import {createPendingRequests} from './pending-requests.ts'
import {createRequestServer} from './request-server.ts'
import {createSubscribers} from './subscribers.ts'
import type {CloseReason, JsonRpcMessage, RequestId, Transport} from './transport.ts'

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

/** Speaks JSON-RPC 2.0 over a transport, both ways, and is its one reader: listens at once. */
export function createConnection(transport: Transport, options: ConnectionOptions = {}): Connection {
  const {handlers = {}, fallback, timeoutMs: defaultTimeoutMs = 30_000, onFault} = options
  assertTimeout(defaultTimeoutMs)
  const counters = {late: 0, unknown: 0, noise: 0, faults: 0}
  const pending = createPendingRequests()
  const subscribers = createSubscribers(reportFault)
  let gone: PeerGoneError | undefined

  const connection: Connection = {
    request(method, params, {signal, timeoutMs = defaultTimeoutMs} = {}) {
      return new Promise((resolve, reject) => {
        assertTimeout(timeoutMs)
        if (gone) throw gone
        signal?.throwIfAborted()
        const id = pending.open({method, timeoutMs, signal, resolve, reject, onAbandon: cancelAtPeer})
        try {
          write({jsonrpc: '2.0', id, method, params})
        } catch (error) {
          pending.reject(id, error)
        }
      })
    },
    notify: (method, params) => write({jsonrpc: '2.0', method, params}),
    subscribe: (method, subscriber) => subscribers.add(method, subscriber),
    counters,
    get queuedBytes() {
      return transport.queuedBytes
    },
    drained: () => transport.drained(),
    closed: transport.closed,
    async close(message = 'closed by us') {
      die({by: 'us', message})
      await transport.close(message)
    },
  }

  const server = createRequestServer({
    handlers,
    ...(fallback && {fallback}),
    peer: connection,
    write,
    onFault: reportFault,
  })

  /** `false`: the peer is gone, and from now on everybody knows. */
  function write(message: JsonRpcMessage): boolean {
    if (gone) return false
    if (transport.write(message)) return true
    die({by: 'peer', message: 'it takes no more messages'})
    return false
  }

  /** Closed is a state: there is one reason, and whoever asks later gets it too. */
  function die(reason: CloseReason): void {
    if (gone) return
    gone = new PeerGoneError(reason)
    pending.rejectAll(gone)
    server.abortAll(gone)
  }

  function cancelAtPeer(id: number): void {
    try {
      write({jsonrpc: '2.0', method: CANCEL, params: {id}})
    } catch (error) {
      reportFault(error, CANCEL)
    }
  }

  function reportFault(error: unknown, method: string): void {
    counters.faults++
    try {
      onFault?.(error, {method})
    } catch {
      // Whoever reports a fault is not stopped by a fault of the report.
    }
  }

  function receive(message: unknown): void {
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      return refuse(null, `Expected a message to be an object, got \`${kindOf(message)}\``)
    }
    const {id, method, params} = message as {id?: unknown; method?: unknown; params?: unknown}
    if (typeof method === 'string') return receiveCall(id, method, params)
    // A peer may leave out a result that is `undefined`.
    if ('result' in message || 'error' in message || pending.has(id)) return receiveResponse(message)
    refuse(id, `Expected \`method\` to be a string, got \`${kindOf(method)}\``)
  }

  function receiveCall(id: unknown, method: string, params: unknown): void {
    // `null` is no structured value either, but many peers send it for "none".
    const accepted = params === null ? undefined : params
    const isNotification = id === undefined
    if (accepted !== undefined && typeof accepted !== 'object') {
      if (isNotification) return void counters.noise++
      return refuse(id, `Expected \`params\` to be an object or an array, got \`${kindOf(accepted)}\``)
    }
    if (isNotification) return receiveNotification(method, accepted)
    if (gone) return
    if (isRequestId(id)) server.serveRequest(id, method, accepted)
    else refuse(null, `Expected \`id\` to be a string or a number, got \`${kindOf(id)}\``)
  }

  function receiveNotification(method: string, params: unknown): void {
    // Whoever closed no longer listens; after a death that a write noticed, what is still on its way counts.
    if (gone?.reason.by === 'us') return
    if (method === CANCEL) return server.cancel((params as {id?: unknown} | undefined)?.id)
    server.serveNotification(method, params)
    subscribers.deliver(method, params)
  }

  function receiveResponse(response: object): void {
    if (gone) return
    const outcome = pending.settle(response)
    if (outcome !== 'settled') counters[outcome]++
  }

  function refuse(id: unknown, why: string): void {
    counters.noise++
    server.refuse(isRequestId(id) ? id : null, why)
  }

  void transport.closed.then(die)
  transport.listen({message: receive, noise: () => void counters.noise++})
  return connection
}

/** As in the Language Server Protocol: `{id}` names the request that its caller gave up. */
const CANCEL = '$/cancelRequest'

function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' || typeof id === 'number'
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function assertTimeout(timeoutMs: number): void {
  if (timeoutMs > 0) return
  throw new RangeError(`Expected \`timeoutMs\` to be above 0, got \`${timeoutMs}\``)
}
