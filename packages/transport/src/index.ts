export {
  createStreamTransport,
  type ProcessExit,
  type StreamEnds,
  type StreamTransportOptions,
} from './ndjson/stream-transport.ts'
export {createNdjsonDecoder, type NdjsonDecoder, type NdjsonDecoderOptions} from './ndjson/ndjson-decoder.ts'
export {
  createBoundedWriter,
  type Batch,
  type BoundedWriter,
  type BoundedWriterOptions,
} from './messages/bounded-writer.ts'
export type {Merge} from './messages/merge.ts'
export {createReadBudget, createWriteBudget, type PeerBudget} from './messages/peer-budget.ts'
export {isGone, type IsGoneOptions} from './errors/is-gone.ts'
export {DRAINED_BYTES, MAX_MESSAGE_BYTES, MAX_QUEUED_BYTES} from './messages/limits.ts'

// What the write functions of this package throw.
export {isTransportError, TransportError} from '@holdfast/rpc'
