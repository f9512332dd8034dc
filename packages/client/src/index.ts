export type {Attachment, AttachmentEnd, AttachOptions} from './attachment.ts'
export {
  isSessionEndedError,
  SessionEndedError,
  type ClientSession,
  type OpenOptions,
  type Recovery,
} from './client-session.ts'
export {createClient, type Client, type ClientOptions, type ClientStatus} from './create-client.ts'
export type {SessionMap} from './session-list.ts'
export {GatewayMismatchError, isGatewayMismatchError} from './gateway-connection.ts'
export type {GatewayConnector} from './gateway-connector.ts'
export {readEvent} from './read-event.ts'
export type {EventsOptions} from './session-events.ts'
export {repeatUntilReplicated, type SessionRequests, type SubmitOptions} from './session-requests.ts'
export {describeLoss, lossDetails, type ConnectionLoss, type SessionStatus} from './session-status.ts'

// What the calls of this package reject with, and the events that it delivers.
export type {Greeting, LoggedEvent, Viewer, Viewers} from '@holdfast/protocol'
export {isPeerGone, isRequestTimeout, isRpcError, PeerGoneError, RequestTimeoutError, RpcError} from '@holdfast/rpc'
export {isRecoveryError, RecoveryError} from '@holdfast/supervisor/supervise'
