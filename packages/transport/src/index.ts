export {createNdjsonDecoder, type NdjsonDecoder, type NdjsonDecoderOptions} from './ndjson-decoder.ts'
export {createMessageEncoder, type MessageEncoder, type MessageEncoderOptions} from './message-encoder.ts'
export {
  createStreamTransport,
  type ProcessExit,
  type StreamEnds,
  type StreamTransportOptions,
} from './stream-transport.ts'
export {
  createBoundedWriter,
  type Batch,
  type BoundedWriter,
  type BoundedWriterOptions,
  type Merge,
} from './bounded-writer.ts'
export {isGone, type IsGoneOptions} from './is-gone.ts'
export {DRAINED_BYTES, MAX_MESSAGE_BYTES, MAX_QUEUED_BYTES} from './limits.ts'
