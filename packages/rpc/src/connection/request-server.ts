import {isThenable} from '../async/is-thenable.ts'
import {messageOf} from '../errors/message-of.ts'
import {isRpcError, RpcError, rpcErrorCodes} from '../errors/rpc-error.ts'
import {isTransportError} from '../errors/transport-error.ts'
import type {JsonRpcResponse, RequestId} from '../transport/transport.ts'
import type {Connection, ConnectionOptions} from './connection.ts'
import {ServedRequest} from './served-request.ts'

export interface RequestServerOptions extends Pick<
  ConnectionOptions,
  'handlers' | 'fallback' | 'maxServed' | 'maxServedLength' | 'servedTogether'
> {
  peer: Connection
  /** Throws `TransportError` when the answer cannot be queued. */
  write(response: JsonRpcResponse): void
  onFault(error: unknown, method: string): void
  /** The peer sends requests, but does not read the answers. */
  onOverflow(): void
}

/** Answers that may wait for a full write queue to drain. */
const MAX_WAITING_ANSWERS = 10_000

/** Characters of the peer's input to quote in an answer. */
const SHOWN_LENGTH = 100

export interface RequestServer {
  /** Returns `false` if a request with this id is still running; the new one is refused. `length`: of its message, UTF-16 units; 0 where it is not known. */
  serveRequest(id: RequestId, method: string, params: unknown, length: number): boolean
  /** `length`: of the message, as above; 0 where it is not known. */
  serveNotification(method: string, params: unknown, length: number): void
  refuse(id: RequestId | null, code: number, message: string): void
  cancel(id: unknown): void
  abortAll(reason: unknown): void
}

/** Runs the handlers on arrival of a request, and answers with their results or errors. */
export function createRequestServer(options: RequestServerOptions): RequestServer {
  const {fallback, peer, write, onFault, onOverflow, maxServed = 1000, maxServedLength = 64 * 1024 * 1024} = options
  const {servedTogether: together = {length: 0, maxLength: Infinity}} = options
  if (!(maxServed >= 1)) throw new RangeError(`Expected \`maxServed\` to be at least 1, got \`${maxServed}\``)
  // A map, because an object would also have the methods `constructor` and `__proto__`.
  const handlers = new Map(Object.entries(options.handlers ?? {}))
  /** Requests whose handler returned a promise. */
  const serving = new Map<RequestId, ServedRequest>()
  const notified = new Set<ServedRequest>()
  /** Length of the messages in `serving` and `notified`. */
  let servedLength = 0
  let waitingAnswers = 0
  let closed: {reason: unknown} | undefined

  function serve(id: RequestId, request: ServedRequest, promise: PromiseLike<unknown>): void {
    if (closed) {
      ServedRequest.abort(request, closed.reason)
      ServedRequest.respond(request)
    } else {
      serving.set(id, request)
      count(ServedRequest.lengthOf(request))
    }
    // A promise of another make may settle twice, or throw.
    Promise.resolve(promise).then(
      (result) => answer(id, request, result),
      (error: unknown) => fail(id, request, error),
    )
  }

  function answer(id: RequestId, request: ServedRequest, result: unknown): void {
    send(id, request, {jsonrpc: '2.0', id, result: result === undefined ? null : result})
  }

  function fail(id: RequestId, request: ServedRequest, error: unknown): void {
    const expected = isRpcError(error) || ServedRequest.isAborted(request)
    if (!expected) onFault(error, ServedRequest.methodOf(request))
    send(id, request, errorResponse(id, toRpcError(error, request)))
  }

  function send(id: RequestId, request: ServedRequest, response: JsonRpcResponse): void {
    try {
      write(response)
      finish(id, request)
    } catch (error) {
      onFault(error, ServedRequest.methodOf(request))
      const instead = errorResponse(id, internalError(`the answer could not be sent: ${messageOf(error)}`))
      // Only the short error waits: nothing bounds the size of the answer.
      void sendOnceDrained(instead, error, ServedRequest.methodOf(request)).then(() => finish(id, request))
    }
  }

  /** Every request gets an answer, if only an error: a full write queue has room for that once it has drained. */
  async function sendOnceDrained(response: JsonRpcResponse, cause: unknown, method: string): Promise<void> {
    if (isTransportError(cause) && cause.code === 'overflow') {
      if (waitingAnswers >= MAX_WAITING_ANSWERS) return onOverflow()
      waitingAnswers++
      await peer.drained()
      waitingAnswers--
    }
    try {
      write(response)
    } catch (error) {
      onFault(error, method)
    }
  }

  function finish(id: RequestId, request: ServedRequest): void {
    if (serving.size > 0 && serving.delete(id)) count(-ServedRequest.lengthOf(request))
    ServedRequest.respond(request)
  }

  function count(length: number): void {
    servedLength += length
    together.length += length
  }

  /** Why one more message has no room. A peer that waits for answers never gets there. */
  function whyFull(length: number): string | undefined {
    const served = serving.size + notified.size
    if (served >= maxServed || (served > 0 && servedLength + length > maxServedLength))
      return `${served} requests are in work already: wait for the answer to one of them`
    if (together.length > 0 && together.length + length > together.maxLength)
      return 'The requests of all clients that are in work are too long together: try again'
    return undefined
  }

  function refuse(id: RequestId | null, code: number, message: string): void {
    const response = errorResponse(id, new RpcError(code, message))
    try {
      write(response)
    } catch (error) {
      onFault(error, '')
      // An answer without an id has no receiver that waits for it.
      if (id !== null) void sendOnceDrained(response, error, '')
    }
  }

  return {
    serveRequest(id, method, params, length) {
      const handler = handlers.get(method)
      if (!handler && !fallback) {
        refuse(id, rpcErrorCodes.methodNotFound, `Method not found: \`${method.slice(0, SHOWN_LENGTH)}\``)
        return true
      }
      if (serving.has(id)) {
        refuse(
          id,
          rpcErrorCodes.invalidRequest,
          `A request with the id \`${String(id).slice(0, SHOWN_LENGTH)}\` is still running`,
        )
        return false
      }
      const full = whyFull(length)
      if (full !== undefined) {
        refuse(id, rpcErrorCodes.busy, full)
        return true
      }
      const request = new ServedRequest(peer, id, method, length)
      try {
        const outcome = handler ? handler(params, request) : fallback?.(method, params, request)
        if (isThenable(outcome)) serve(id, request, outcome)
        else answer(id, request, outcome)
      } catch (error) {
        fail(id, request, error)
      }
      return true
    },
    serveNotification(method, params, length) {
      const handler = handlers.get(method)
      if (!handler) return
      const full = whyFull(length)
      if (full !== undefined) return onFault(new Error(full), method)
      const request = new ServedRequest(peer, null, method, length)
      const end = () => {
        if (notified.delete(request)) count(-length)
      }
      const onThrow = (error: unknown) => {
        end()
        if (!ServedRequest.isAborted(request)) onFault(error, method)
      }
      try {
        const outcome = handler(params, request)
        if (!isThenable(outcome)) return
        notified.add(request)
        count(length)
        Promise.resolve(outcome).then(end, onThrow)
      } catch (error) {
        onThrow(error)
      }
    },
    refuse,
    cancel(id) {
      const request = serving.get(id as RequestId)
      if (!request) return
      ServedRequest.abort(request, new RpcError(rpcErrorCodes.requestCancelled, 'The caller cancelled the request'))
    },
    abortAll(reason) {
      closed = {reason}
      for (const [id, request] of serving) {
        ServedRequest.abort(request, reason)
        finish(id, request)
      }
      for (const request of notified) ServedRequest.abort(request, reason)
      notified.clear()
      count(-servedLength)
    },
  }
}

function toRpcError(error: unknown, request: ServedRequest): RpcError {
  if (isRpcError(error)) return error
  if (ServedRequest.isAborted(request)) {
    return new RpcError(rpcErrorCodes.requestCancelled, 'The request was cancelled')
  }
  return internalError(messageOf(error))
}

/** Sends the message of an error to the caller, never its stack. */
function internalError(why: string): RpcError {
  return new RpcError(rpcErrorCodes.internalError, `Internal error: ${why}`)
}

function errorResponse(id: RequestId | null, {code, message, data}: RpcError): JsonRpcResponse {
  return {jsonrpc: '2.0', id, error: data === undefined ? {code, message} : {code, message, data}}
}
