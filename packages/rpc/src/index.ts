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
} from './transport.ts'
export {TransportError} from './transport-error.ts'
export {createConnection} from './create-connection.ts'
export type {
  Connection,
  ConnectionOptions,
  Counters,
  Gap,
  Handler,
  HandlerContext,
  RequestOptions,
  SubscribeOptions,
} from './connection.ts'
export {withParams} from './with-params.ts'
export type {SchemaIssue, SchemaOutput, SchemaResult, StandardSchema} from './standard-schema.ts'
export {isRpcError, RpcError, rpcErrorCodes} from './rpc-error.ts'
export {isPeerGone, PeerGoneError} from './peer-gone.ts'
export {SchemaError} from './schema-error.ts'
export {RequestTimeoutError} from './request-timeout-error.ts'
export {createMemoryPair, type MemoryPairOptions} from './memory-pair.ts'
export {encodeMessage} from './encode-message.ts'
