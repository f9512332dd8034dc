export type {Caller} from './caller.ts'
export {openInProcessGateway} from './in-process-gateway.ts'
export {runGateway} from './run-gateway.ts'
export {serveGateway, type Gateway, type GatewayOptions} from './serve-gateway.ts'
