import type {Connection, ConnectionOptions, Handler} from './connection.ts'
import {isThenable} from './is-thenable.ts'
import {messageOf} from './message-of.ts'
import {isRpcError, RpcError, rpcErrorCodes} from './rpc-error.ts'
import {createServedRequest, type ServedRequest} from './served-request.ts'
import {TransportError} from './transport-error.ts'
import type {JsonRpcResponse, RequestId} from './transport.ts'

export interface RequestServerOptions extends Pick<ConnectionOptions, 'handlers' | 'fallback'> {
  peer: Connection
  /** Throws `TransportError` when the answer cannot be queued. */
  write(response: JsonRpcResponse): void
  onFault(error: unknown, method: string): void
}

export interface RequestServer {
  serveRequest(id: RequestId, method: string, params: unknown): void
  serveNotification(method: string, params: unknown): void
  /** Answers what could not be read as a request. */
  refuse(id: RequestId | null, message: string): void
  cancel(id: unknown): void
  abortAll(reason: unknown): void
}

/** Runs the handlers, each on arrival, and answers with what they return or throw. */
export function createRequestServer(options: RequestServerOptions): RequestServer {
  const {fallback, peer, write, onFault} = options
  // A map, so that a peer that asks for `constructor` or `__proto__` finds nothing.
  const handlers = new Map<string, Handler>(Object.entries(options.handlers ?? {}))
  const serving = new Map<RequestId, ServedRequest>()
  const notified = new Set<ServedRequest>()

  function run(id: RequestId, request: ServedRequest, work: () => unknown): void {
    try {
      const value = work()
      if (isThenable(value))
        value.then(
          (result) => answer(id, request, result),
          (error: unknown) => fail(id, request, error),
        )
      else answer(id, request, value)
    } catch (error) {
      fail(id, request, error)
    }
  }

  function answer(id: RequestId, request: ServedRequest, result: unknown): void {
    send(id, request, {jsonrpc: '2.0', id, result: result === undefined ? null : result})
  }

  function fail(id: RequestId, request: ServedRequest, error: unknown): void {
    const expected = isRpcError(error) || request.aborted
    if (!expected) onFault(error, request.method)
    send(id, request, errorResponse(id, toRpcError(error, request)))
  }

  function send(id: RequestId, request: ServedRequest, response: JsonRpcResponse): void {
    try {
      write(response)
      finish(id, request)
    } catch (error) {
      onFault(error, request.method)
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
      onFault(error, request.method)
    }
    finish(id, request)
  }

  function finish(id: RequestId, request: ServedRequest): void {
    serving.delete(id)
    request.respond()
  }

  function refuse(id: RequestId | null, message: string, code: number = rpcErrorCodes.invalidRequest): void {
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
        return refuse(id, `Expected a method that is served here, got \`${method}\``, rpcErrorCodes.methodNotFound)
      }
      if (serving.has(id)) return refuse(id, `Expected an id that no running request has, got \`${id}\``)
      const request = createServedRequest(peer, id, method)
      serving.set(id, request)
      run(id, request, () => (handler ? handler(params, request.context) : fallback?.(method, params, request.context)))
    },
    serveNotification(method, params) {
      const handler = handlers.get(method)
      if (!handler) return
      const request = createServedRequest(peer, null, method)
      const onThrow = (error: unknown) => {
        notified.delete(request)
        if (!request.aborted) onFault(error, method)
      }
      try {
        const outcome = handler(params, request.context)
        if (!isThenable(outcome)) return
        notified.add(request)
        outcome.then(() => notified.delete(request), onThrow)
      } catch (error) {
        onThrow(error)
      }
    },
    refuse: (id, message) => refuse(id, message),
    cancel: (id) =>
      serving
        .get(id as RequestId)
        ?.abort(new RpcError(rpcErrorCodes.requestCancelled, 'The caller cancelled the request')),
    abortAll(reason) {
      for (const [id, request] of serving) {
        request.abort(reason)
        finish(id, request)
      }
      for (const request of notified) request.abort(reason)
      notified.clear()
    },
  }
}

function toRpcError(error: unknown, request: ServedRequest): RpcError {
  if (isRpcError(error)) return error
  if (request.aborted) return new RpcError(rpcErrorCodes.requestCancelled, 'The request was cancelled')
  return internalError(messageOf(error))
}

/** The message crosses the wire, so that the caller can say what went wrong; the stack stays here. */
function internalError(why: string): RpcError {
  return new RpcError(rpcErrorCodes.internalError, `Internal error: ${why}`)
}

function errorResponse(id: RequestId | null, {code, message, data}: RpcError): JsonRpcResponse {
  return {jsonrpc: '2.0', id, error: data === undefined ? {code, message} : {code, message, data}}
}
