export {listenGateway, type GatewayListener, type ListenGatewayOptions} from './listen-gateway.ts'
