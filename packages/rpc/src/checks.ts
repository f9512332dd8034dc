export {type OpenPair, type TransportCheck, transportChecks} from './conformance/transport-checks.ts'
