import type {Connection, ConnectionOptions, Handler} from './connection.ts'
import {isThenable} from './is-thenable.ts'
import {messageOf} from './message-of.ts'
import {isRpcError, RpcError, rpcErrorCodes} from './rpc-error.ts'
import {ServedRequest} from './served-request.ts'
import {TransportError} from './transport-error.ts'
import type {JsonRpcResponse, RequestId} from './transport.ts'

export interface RequestServerOptions extends Pick<ConnectionOptions, 'handlers' | 'fallback'> {
  peer: Connection
  /** Throws `TransportError` when the answer cannot be queued. */
  write(response: JsonRpcResponse): void
  onFault(error: unknown, method: string): void
}

export interface RequestServer {
  /** `false`: not served, because a request with this id is still running. */
  serveRequest(id: RequestId, method: string, params: unknown): boolean
  serveNotification(method: string, params: unknown): void
  /** Answers what is not served. */
  refuse(id: RequestId | null, code: number, message: string): void
  cancel(id: unknown): void
  abortAll(reason: unknown): void
}

/** Runs the handlers, each on arrival, and answers with what they return or throw. */
export function createRequestServer(options: RequestServerOptions): RequestServer {
  const {fallback, peer, write, onFault} = options
  // A map, so that a peer that asks for `constructor` or `__proto__` finds nothing.
  const handlers = new Map<string, Handler>(Object.entries(options.handlers ?? {}))
  /** Requests whose answer takes time. */
  const serving = new Map<RequestId, ServedRequest>()
  const notified = new Set<ServedRequest>()
  let closed: {reason: unknown} | undefined

  function serve(id: RequestId, request: ServedRequest, promise: PromiseLike<unknown>): void {
    serving.set(id, request)
    if (closed) ServedRequest.abort(request, closed.reason)
    promise.then(
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
      void sendInstead(id, request, error)
    }
  }

  /** A caller whose answer cannot be sent is told so. */
  async function sendInstead(id: RequestId, request: ServedRequest, cause: unknown): Promise<void> {
    // A full queue takes the short answer once it has drained. The long one is not kept: nothing bounds how many there are.
    if (cause instanceof TransportError && cause.code === 'overflow') await peer.drained()
    try {
      write(errorResponse(id, internalError(`the answer could not be sent: ${messageOf(cause)}`)))
    } catch (error) {
      onFault(error, ServedRequest.methodOf(request))
    }
    finish(id, request)
  }

  function finish(id: RequestId, request: ServedRequest): void {
    if (serving.size > 0) serving.delete(id)
    ServedRequest.respond(request)
  }

  function refuse(id: RequestId | null, code: number, message: string): void {
    try {
      write(errorResponse(id, new RpcError(code, message)))
    } catch (error) {
      onFault(error, '')
    }
  }

  return {
    serveRequest(id, method, params) {
      const handler = handlers.get(method)
      if (!handler && !fallback) {
        refuse(id, rpcErrorCodes.methodNotFound, `Expected a method that is served here, got \`${method}\``)
        return true
      }
      if (serving.has(id)) {
        refuse(id, rpcErrorCodes.invalidRequest, `Expected an id that no running request has, got \`${id}\``)
        return false
      }
      const request = new ServedRequest(peer, id, method)
      try {
        const outcome = handler ? handler(params, request) : fallback?.(method, params, request)
        if (isThenable(outcome)) serve(id, request, outcome)
        else answer(id, request, outcome)
      } catch (error) {
        fail(id, request, error)
      }
      return true
    },
    serveNotification(method, params) {
      const handler = handlers.get(method)
      if (!handler) return
      const request = new ServedRequest(peer, null, method)
      const onThrow = (error: unknown) => {
        notified.delete(request)
        if (!ServedRequest.isAborted(request)) onFault(error, method)
      }
      try {
        const outcome = handler(params, request)
        if (!isThenable(outcome)) return
        notified.add(request)
        outcome.then(() => notified.delete(request), onThrow)
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

/** The message crosses the wire, so that the caller can say what went wrong; the stack stays here. */
function internalError(why: string): RpcError {
  return new RpcError(rpcErrorCodes.internalError, `Internal error: ${why}`)
}

function errorResponse(id: RequestId | null, {code, message, data}: RpcError): JsonRpcResponse {
  return {jsonrpc: '2.0', id, error: data === undefined ? {code, message} : {code, message, data}}
}
