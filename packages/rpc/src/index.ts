export {createConnection} from './connection/create-connection.ts'
export type {
  CancelDialect,
  Connection,
  ConnectionOptions,
  Counters,
  Gap,
  Handler,
  HandlerContext,
  Handlers,
  RequestOptions,
  ServedTogether,
  SubscribeOptions,
} from './connection/connection.ts'
export type {Arguments, MethodName, ParamsOf, ResultOf, UndeclaredMethods} from './connection/methods.ts'

export type {
  CloseReason,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  JsonRpcResponse,
  Noise,
  Receiver,
  RequestId,
  Transport,
} from './transport/transport.ts'
export {createMemoryPair, type MemoryPairOptions} from './transport/memory-pair.ts'
export {encodeMessage} from './transport/encode-message.ts'

export {startTimer} from './async/start-timer.ts'
export {withParams} from './schema/with-params.ts'
export {isSchemaError, SchemaError} from './schema/schema-error.ts'
export type {SchemaIssue, SchemaOutput, SchemaResult, StandardSchema} from './schema/standard-schema.ts'

export {findPeerGone, isPeerGone, PeerGoneError} from './connection/peer-gone-error.ts'
export {isRequestTimeout, RequestTimeoutError} from './errors/request-timeout-error.ts'
export {isRpcError, RpcError, rpcErrorCodes} from './errors/rpc-error.ts'
export {isTransportError, TransportError} from './errors/transport-error.ts'
