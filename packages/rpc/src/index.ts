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
export type {Connection, ConnectionOptions, Handler, HandlerContext, RequestOptions} from './connection.ts'
export {createConnection} from './create-connection.ts'
export {isRpcError, RpcError, rpcErrorCodes} from './rpc-error.ts'
export {isPeerGone, PeerGoneError} from './peer-gone.ts'
export {RequestTimeoutError} from './request-timeout-error.ts'
export {createMemoryPair, type MemoryPairOptions} from './memory-pair.ts'
export {encodeMessage} from './encode-message.ts'
