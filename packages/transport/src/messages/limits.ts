/** The longest message, bytes of UTF-8 without the line break: 32 MiB. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024

/** The size of a full write queue, bytes: 64 MiB. */
export const MAX_QUEUED_BYTES = 64 * 1024 * 1024

/** The bytes of messages that a listener's connections together may have received in part: 64 MiB. */
export const MAX_UNFINISHED_BYTES = 64 * 1024 * 1024

/** The bytes that a listener's connections together may leave unread: 128 MiB. */
export const MAX_UNREAD_BYTES = 128 * 1024 * 1024

/** A write queue with no more than this, bytes, is drained: 64 KiB. */
export const DRAINED_BYTES = 64 * 1024

/** How long `close` may take to send the write queue, ms. */
export const CLOSE_DEADLINE_MS = 1000
