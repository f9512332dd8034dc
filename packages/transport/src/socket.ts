export {connectSocket, type ConnectSocketOptions} from './connect-socket.ts'
export {listenSocket, type ListenSocketOptions, type SocketListener} from './listen-socket.ts'
export {SocketError} from './socket-error.ts'
