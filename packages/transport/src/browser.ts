export {
  connectBrowserSocket,
  type BrowserSocketOptions,
  type BrowserTransport,
} from './browser/connect-browser-socket.ts'
export {isSocketError, SocketError} from './errors/socket-error.ts'
