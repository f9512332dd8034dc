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
export {
  createConnection,
  type Connection,
  type ConnectionOptions,
  type Handler,
  type HandlerContext,
  type RequestOptions,
} from './connection.ts'
export {isRpcError, RpcError, rpcErrorCodes} from './rpc-error.ts'
export {isPeerGone, PeerGoneError} from './peer-gone.ts'
export {RequestTimeoutError} from './request-timeout-error.ts'
export {createMemoryPair, type MemoryPairOptions} from './memory-pair.ts'
export {encodeMessage} from './encode-message.ts'
