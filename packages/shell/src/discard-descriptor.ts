/** Open only in the subshell in which bash discards unread input: it distinguishes this read from that of a command. */
export const DISCARD_DESCRIPTOR = 97
