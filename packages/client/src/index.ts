export {SessionEndedError, type ClientSession, type OpenOptions} from './client-session.ts'
export {createClient, type Client, type ClientOptions, type ClientStatus} from './create-client.ts'
export {GatewayMismatchError} from './gateway-line.ts'
export {deathOf, type SessionStatus} from './session-status.ts'
