// For programs that forward messages without encoding them again, and for the transports that carry such messages.
export {notifyRaw, subscribeRaw, type RawSubscriber} from './connection/raw-params.ts'
export type {RawReceiver, RawTransport} from './transport/raw-transport.ts'
