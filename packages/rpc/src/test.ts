export {testTransport} from './conformance/test-transport.ts'
export {type OpenPair, type TransportCheck, transportChecks} from './conformance/transport-checks.ts'
