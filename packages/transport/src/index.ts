export {createNdjsonDecoder, type NdjsonDecoder, type NdjsonDecoderOptions} from './ndjson-decoder.ts'
export {encodeLine, type EncodeLineOptions} from './encode-line.ts'
export {
  createStreamTransport,
  type ProcessExit,
  type StreamEnds,
  type StreamTransportOptions,
} from './stream-transport.ts'
export {isGone, type IsGoneOptions} from './is-gone.ts'
export {DRAINED_BYTES, MAX_MESSAGE_BYTES, MAX_QUEUED_BYTES} from './limits.ts'
