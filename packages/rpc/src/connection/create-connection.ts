import {isThenable} from '../async/is-thenable.ts'
import {PeerGoneError, updateReason} from './peer-gone-error.ts'
import {rpcErrorCodes} from '../errors/rpc-error.ts'
import {SchemaError} from '../schema/schema-error.ts'
import type {StandardSchema} from '../schema/standard-schema.ts'
import type {RawTransport} from '../transport/raw-transport.ts'
import type {CloseReason, JsonRpcMessage, Noise, RequestId, Transport} from '../transport/transport.ts'
import type {Connection, ConnectionOptions, RequestOptions, SubscribeOptions} from './connection.ts'
import {cancelDialects, cancelledBy} from './cancel-dialects.ts'
import {createLanes} from './lanes.ts'
import type {UndeclaredMethods} from './methods.ts'
import {createPendingRequests, type PendingRequest} from './pending-requests.ts'
import {encodeNotification, paramsIn, rawParams, type RawParams} from './raw-params.ts'
import {createRequestServer} from './request-server.ts'
import type {Subscriber} from './sink.ts'
import {createSubscribers} from './subscribers.ts'

/**
 * Speaks JSON-RPC 2.0 over a transport, in both directions, and starts to read it at once. `Local` declares the methods of
 * this side, `Remote` those of the peer.
 */
export function createConnection(transport: Transport, options?: ConnectionOptions): Connection
export function createConnection<Local = UndeclaredMethods, Remote = UndeclaredMethods>(
  transport: Transport,
  options?: ConnectionOptions<NoInfer<Local>, NoInfer<Remote>>,
): Connection<Local, Remote>
export function createConnection(transport: RawTransport, options: ConnectionOptions = {}): Connection {
  const {handlers = {}, fallback, timeoutMs: defaultTimeoutMs = 30_000, laneGraceMs: defaultGraceMs = 1000} = options
  const {cancel: dialect = 'lsp', maxServed, maxServedLength, servedTogether, onFault, onNoise} = options
  assertTimeout(defaultTimeoutMs)
  assertGrace(defaultGraceMs)
  const isServer = fallback !== undefined || Object.keys(handlers).length > 0
  const counters = {
    late: 0,
    unknown: 0,
    repeated: 0,
    dropped: 0,
    noise: 0,
    faults: 0,
    get replaced() {
      return transport.replaced
    },
  }
  const pending = createPendingRequests(cancelAtPeer)
  const subscribers = createSubscribers({
    fault: reportFault,
    dropped: () => void counters.dropped++,
    overflow: (method) => closeFor(`a subscriber of \`${method}\` is too slow for the messages that it must keep`),
  })
  const lanes = createLanes({
    send,
    listen: (method, listener) => subscribers.add(method, listener),
    onLate: () => void counters.late++,
    onFault: reportFault,
  })
  let gone: PeerGoneError | undefined
  /** Since noise was answered, only noise has arrived. */
  let isNoisy = false

  const connection: Connection & {[rawParams]: RawParams} = {
    request,
    notify: (method, params?: unknown) => write({jsonrpc: '2.0', method, params}),
    subscribe: (method, subscriber, how) => subscribe(method, (params) => subscriber(params), how),
    [rawParams]: {
      notify: (method, params, json) => write({jsonrpc: '2.0', method, params}, encodeNotification(method, json)),
      subscribe: (method, subscriber) =>
        subscribe(method, (params, text) => subscriber(params, paramsIn(method, text))),
    },
    counters,
    get queuedBytes() {
      return transport.queuedBytes
    },
    drained: () => transport.drained(),
    closed: transport.closed,
    async close(message = 'closed by us', closeOptions) {
      setGone({by: 'us', message})
      await transport.close(message, closeOptions)
    },
  }

  const server = createRequestServer({
    handlers,
    ...(fallback && {fallback}),
    ...(maxServed !== undefined && {maxServed}),
    ...(maxServedLength !== undefined && {maxServedLength}),
    ...(servedTogether && {servedTogether}),
    peer: connection,
    write,
    onFault: reportFault,
    onOverflow: () => closeFor('the peer sends requests, but does not read the answers'),
  })

  function request(method: string, params?: unknown, how: AnyRequestOptions = NO_OPTIONS): Promise<unknown> {
    const answer = new Promise((resolve, reject) => {
      const {signal, timeoutMs = defaultTimeoutMs, lane, laneGraceMs: graceMs = defaultGraceMs, notifications} = how
      assertTimeout(timeoutMs)
      assertGrace(graceMs)
      if (notifications && lane === undefined) throw new TypeError('Expected `notifications` to come with a `lane`')
      if (gone) throw gone
      signal?.throwIfAborted()
      const pendingRequest = {method, timeoutMs, signal, resolve, reject, dueAt: Infinity, onAbort: undefined}
      if (lane === undefined) send(pendingRequest, params)
      else lanes.add(lane, {...pendingRequest, params, graceMs, notifications: notifications ?? {}})
    })
    const {result: schema} = how
    return schema ? answer.then((value) => parseResult(method, schema, value)) : answer
  }

  function subscribe(method: string, subscriber: Subscriber, how?: SubscribeOptions): () => void {
    // Once the peer is gone, no notification will come.
    return gone ? () => {} : subscribers.add(method, subscriber, how)
  }

  function send(pendingRequest: PendingRequest, params: unknown): void {
    const id = pending.open(pendingRequest)
    try {
      write({jsonrpc: '2.0', id, method: pendingRequest.method, params})
    } catch (error) {
      pending.reject(id, error)
    }
  }

  function write(message: JsonRpcMessage, text?: string): boolean {
    if (gone) return false
    if (transport.write(message, text)) return true
    setGone({by: 'peer', message: 'it accepts no more messages'})
    return false
  }

  /** All pending and later requests reject with the same error. */
  function setGone(reason: CloseReason): void {
    if (gone) return
    gone = new PeerGoneError(reason)
    pending.rejectAll(gone)
    lanes.rejectAll(gone)
    server.abortAll(gone)
    // After a failed write, messages that the peer sent before may still arrive.
    if (reason.by === 'us') subscribers.close()
  }

  function closeFor(message: string): void {
    setGone({by: 'fault', message})
    void transport.close(message).catch((error: unknown) => reportFault(error, ''))
  }

  function cancelAtPeer(id: number): void {
    const {method, param} = cancelDialects[dialect]
    try {
      write({jsonrpc: '2.0', method, params: {[param]: id}})
    } catch (error) {
      reportFault(error, method)
    }
  }

  function reportFault(error: unknown, method: string): void {
    counters.faults++
    try {
      const outcome: unknown = onFault?.(error, {method})
      if (isThenable(outcome)) Promise.resolve(outcome).catch(() => {})
    } catch {
      // An `onFault` that throws must not stop the connection.
    }
  }

  function receive(message: unknown, text?: string): void {
    isNoisy = false
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      return refuse(null, `Expected a message to be an object, got \`${kindOf(message)}\``)
    }
    const {id, method, params} = message as {id?: unknown; method?: unknown; params?: unknown}
    if (typeof method === 'string') return receiveCall(id, method, params, text)
    // A peer may leave out a result that is `undefined`.
    if ('result' in message || 'error' in message || pending.has(id)) return receiveAnswer(message)
    refuse(id, `Expected \`method\` to be a string, got \`${kindOf(method)}\``)
  }

  function receiveCall(id: unknown, method: string, params: unknown, text: string | undefined): void {
    // JSON-RPC does not allow `null`, but many peers send it for "no params".
    const accepted = params === null ? undefined : params
    const isNotification = id === undefined
    if (accepted !== undefined && typeof accepted !== 'object') {
      const why = `Expected \`params\` to be an object or an array, got \`${kindOf(accepted)}\``
      return isNotification ? countNoise(why) : refuse(id, why)
    }
    if (isNotification) return receiveNotification(method, accepted, text)
    if (gone) return
    if (!isRequestId(id)) return refuse(null, `Expected \`id\` to be a string or a number, got \`${kindOf(id)}\``)
    if (!server.serveRequest(id, method, accepted, text?.length ?? 0)) counters.repeated++
  }

  function receiveNotification(method: string, params: unknown, text: string | undefined): void {
    if (gone && gone.reason.by !== 'peer') return
    const cancelled = cancelledBy(method, params)
    if (cancelled) return server.cancel(cancelled.id)
    server.serveNotification(method, params, text?.length ?? 0)
    subscribers.deliver(method, params, text)
  }

  function receiveAnswer(answer: {id?: unknown}): void {
    if (gone) return
    const outcome = pending.settle(answer)
    if (outcome === 'settled') return
    counters[outcome]++
    if (outcome === 'late') lanes.answered(answer.id)
  }

  function refuse(id: unknown, why: string): void {
    countNoise(why)
    server.refuse(isRequestId(id) ? id : null, rpcErrorCodes.invalidRequest, why)
  }

  /** Answers only the first noise in a row: a peer that echoes such an answer as noise would otherwise get answers for ever. */
  function receiveNoise({kind, bytes}: Noise): void {
    // The peer died while it wrote: the end of the connection reports that.
    if (kind === 'incomplete-line') return void counters.noise++
    const why = `Expected a message, got ${bytes} bytes that are ${noiseNames[kind]}`
    countNoise(why)
    if (isNoisy || !isServer) return
    isNoisy = true
    server.refuse(null, kind === 'not-json' ? rpcErrorCodes.parseError : rpcErrorCodes.invalidRequest, why)
  }

  function countNoise(why: string): void {
    counters.noise++
    try {
      onNoise?.(why)
    } catch {
      // An `onNoise` that throws must not stop the connection.
    }
  }

  void transport.closed.then((reason) => {
    setGone(reason)
    // A failed write does not say how the peer ended, or that the fault was on this side: now it is known.
    if (gone?.reason.by === 'peer' && reason.by !== 'us') updateReason(gone, reason)
    subscribers.clear()
  })
  transport.listen({message: receive, noise: receiveNoise})
  return connection
}

type AnyRequestOptions = RequestOptions & {result?: StandardSchema}

const NO_OPTIONS: AnyRequestOptions = {}

const noiseNames: Readonly<Record<Exclude<Noise['kind'], 'incomplete-line'>, string>> = {
  'not-json': 'not JSON',
  'not-an-object': 'not an object',
  'line-too-long': 'a line over the limit',
}

async function parseResult(method: string, schema: StandardSchema, value: unknown): Promise<unknown> {
  const result = await schema['~standard'].validate(value)
  if (result.issues) throw new SchemaError(method, result.issues)
  return result.value
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' || typeof id === 'number'
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function assertGrace(graceMs: number): void {
  if (graceMs >= 0) return
  throw new RangeError(`Expected \`laneGraceMs\` to be at least 0, got \`${graceMs}\``)
}

function assertTimeout(timeoutMs: number): void {
  if (timeoutMs > 0) return
  throw new RangeError(`Expected \`timeoutMs\` to be above 0, got \`${timeoutMs}\``)
}
