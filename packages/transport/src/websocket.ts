export {connectWebSocket, type ConnectWebSocketOptions} from './connect-websocket.ts'
export {
  listenWebSocket,
  type ListenWebSocketOptions,
  type WebSocketAddress,
  type WebSocketListener,
} from './listen-websocket.ts'
export type {Clock, WebSocketOptions} from './websocket-options.ts'
export type {LivenessOptions} from '@holdfast/recovery'
export {SocketError} from './socket-error.ts'
