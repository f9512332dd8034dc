export {connectWebSocket, type ConnectWebSocketOptions} from './websocket/connect-websocket.ts'
export {
  listenWebSocket,
  type Decision,
  type ListenWebSocketOptions,
  type TlsOptions,
  type WebSocketAddress,
  type WebSocketListener,
} from './websocket/listen-websocket.ts'
export {createReadBudget, createWriteBudget, type BudgetedPeer, type PeerBudget} from './messages/peer-budget.ts'
export {isAuthorized} from './websocket/token.ts'
export type {Clock, WebSocketOptions} from './websocket/websocket-options.ts'
export type {LivenessOptions} from '@holdfast/recovery'
export {isSocketError, SocketError} from './errors/socket-error.ts'
