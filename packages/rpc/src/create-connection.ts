import type {Connection, ConnectionOptions} from './connection.ts'
import {PeerGoneError} from './peer-gone.ts'
import {createPendingRequests} from './pending-requests.ts'
import {createRequestServer} from './request-server.ts'
import {createSubscribers} from './subscribers.ts'
import type {CloseReason, JsonRpcMessage, RequestId, Transport} from './transport.ts'

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
