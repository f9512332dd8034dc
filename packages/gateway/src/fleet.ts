export {openGatewayFleet, type GatewayFleetOptions} from './fleet/open-gateway-fleet.ts'
