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
export {TransportError} from './errors/transport-error.ts'
export {createConnection} from './connection/create-connection.ts'
export type {
  Connection,
  ConnectionOptions,
  Counters,
  Gap,
  Handler,
  HandlerContext,
  RequestOptions,
  SubscribeOptions,
} from './connection/connection.ts'
export {withParams} from './schema/with-params.ts'
export type {SchemaIssue, SchemaOutput, SchemaResult, StandardSchema} from './schema/standard-schema.ts'
export {isRpcError, RpcError, rpcErrorCodes} from './errors/rpc-error.ts'
export {isPeerGone, PeerGoneError} from './errors/peer-gone.ts'
export {SchemaError} from './errors/schema-error.ts'
export {RequestTimeoutError} from './errors/request-timeout-error.ts'
export {createMemoryPair, type MemoryPairOptions} from './transport/memory-pair.ts'
export {encodeMessage} from './transport/encode-message.ts'
