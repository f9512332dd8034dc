export {listenGateway, type GatewayListener, type ListenGatewayOptions} from './listen-gateway.ts'
export {isSocketError, SocketError} from '@holdfast/transport/websocket'
