/** The longest message that is sent or received, bytes of UTF-8, the line break left out: 32 MiB. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024

/** What may wait to be written, bytes: 64 MiB. */
export const MAX_QUEUED_BYTES = 64 * 1024 * 1024

/** A queue is drained when less than this waits, bytes: 1 MiB. */
export const DRAINED_BYTES = 1024 * 1024
