export {createReadBudget, createWriteBudget, type BudgetedPeer, type PeerBudget} from './messages/peer-budget.ts'
export {connectSocket, type ConnectSocketOptions} from './socket/connect-socket.ts'
export {listenSocket, type ListenSocketOptions, type SocketListener} from './socket/listen-socket.ts'
export {isSocketError, SocketError} from './errors/socket-error.ts'
