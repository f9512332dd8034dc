/** The longest message that is sent or received, bytes of UTF-8, the line break left out: 32 MiB. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024

/** What may wait to be written, bytes: 64 MiB. */
export const MAX_QUEUED_BYTES = 64 * 1024 * 1024

/** A queue is drained when no more than this waits, bytes: 64 KiB. */
export const DRAINED_BYTES = 64 * 1024
